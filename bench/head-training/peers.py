"""Trains the same head with scikit-learn, PyTorch or numpy and prints {"seconds", "loss"}: seconds of training alone."""
import json
import sys
import time

import numpy as np

peer, folder, rows, width, classes, hidden, epochs, batch, rate = sys.argv[1:10]
rows, width, classes, hidden, epochs, batch = map(int, (rows, width, classes, hidden, epochs, batch))
rate = float(rate)
x = np.fromfile(f"{folder}/features.f32", dtype=np.float32).reshape(rows, width)
y = np.fromfile(f"{folder}/labels.u8", dtype=np.uint8).astype(np.int64)


def sklearn_fit():
    import warnings
    from sklearn.neural_network import MLPClassifier

    warnings.simplefilter("ignore")
    model = MLPClassifier((hidden,), alpha=0.0, batch_size=batch, learning_rate_init=rate, max_iter=epochs,
                          tol=0.0, n_iter_no_change=epochs + 1, epsilon=1e-7, random_state=1)
    start = time.perf_counter()
    model.fit(x, y)
    return time.perf_counter() - start, model.loss_curve_[-1]


def torch_fit():
    import torch

    torch.manual_seed(1)
    model = torch.nn.Sequential(torch.nn.Linear(width, hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, classes))
    optimizer = torch.optim.Adam(model.parameters(), lr=rate, eps=1e-7)
    features, labels = torch.from_numpy(x), torch.from_numpy(y)
    start = time.perf_counter()
    for _ in range(epochs):
        total = 0.0
        order = torch.randperm(rows)
        for part in order.split(batch):
            loss = torch.nn.functional.cross_entropy(model(features[part]), labels[part])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(part)
    return time.perf_counter() - start, total / rows


def numpy_fit():
    random = np.random.default_rng(1)

    def first(inputs, outputs):
        limit = np.sqrt(6 / (inputs + outputs))
        return random.uniform(-limit, limit, (inputs, outputs)).astype(np.float32)

    w = [first(width, hidden), np.zeros(hidden, np.float32), first(hidden, classes), np.zeros(classes, np.float32)]
    m = [np.zeros_like(p) for p in w]
    v = [np.zeros_like(p) for p in w]
    start = time.perf_counter()
    steps = 0
    for _ in range(epochs):
        total = 0.0
        order = random.permutation(rows)
        for at in range(0, rows, batch):
            part = order[at:at + batch]
            a, labels = x[part], y[part]
            h = np.maximum(a @ w[0] + w[1], 0)
            z = h @ w[2] + w[3]
            z -= z.max(1, keepdims=True)
            p = np.exp(z)
            p /= p.sum(1, keepdims=True)
            index = np.arange(len(part))
            total -= np.log(p[index, labels]).sum()
            p[index, labels] -= 1
            p /= len(part)
            dh = (p @ w[2].T) * (h > 0)
            steps += 1
            size = np.float32(rate * np.sqrt(1 - 0.999**steps) / (1 - 0.9**steps))
            for i, g in enumerate((a.T @ dh, dh.sum(0), h.T @ p, p.sum(0))):
                m[i] = 0.9 * m[i] + 0.1 * g
                v[i] = 0.999 * v[i] + 0.001 * g * g
                w[i] = w[i] - size * m[i] / (np.sqrt(v[i]) + 1e-7)
    return time.perf_counter() - start, float(total / rows)


seconds, loss = {"scikit-learn": sklearn_fit, "torch": torch_fit, "numpy": numpy_fit}[peer]()
print(json.dumps({"seconds": seconds, "loss": float(loss)}))
