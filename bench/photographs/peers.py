"""Trains classifiers on features that lie in a folder, and prints test accuracy and seconds of training: peers.py FOLDER."""

import sys
import time
import warnings

import numpy as np

folder = sys.argv[1]
warnings.simplefilter('ignore')


def read(name):
    labels = np.fromfile(f'{folder}/{name}.u8', dtype=np.uint8).astype(np.int64)
    return np.fromfile(f'{folder}/{name}.f32', dtype=np.float32).reshape(len(labels), -1), labels


x, y = read('train')
x_test, y_test = read('test')
classes = int(y.max()) + 1


def say(name, predict, start):
    seconds = time.perf_counter() - start
    print(f'  {name:<44} accuracy {np.mean(predict(x_test) == y_test):.4f}  {seconds:6.2f} s')


def scikit_learn():
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier

    start = time.perf_counter()
    model = LogisticRegression(max_iter=1000).fit(x, y)
    say('scikit-learn LogisticRegression', model.predict, start)
    start = time.perf_counter()
    model = MLPClassifier((256,), batch_size=32, max_iter=12, random_state=1).fit(x, y)
    say('scikit-learn MLPClassifier, 256 units, 12 epochs', model.predict, start)


def numpy_softmax():
    """The pipeline's own head: softmax regression, Adam, 12 epochs, batches of 32."""
    random = np.random.default_rng(1)
    w = np.zeros((x.shape[1] + 1, classes), np.float32)
    m, v, steps = np.zeros_like(w), np.zeros_like(w), 0
    one = np.concatenate([x, np.ones((len(x), 1), np.float32)], axis=1)
    start = time.perf_counter()
    for _ in range(12):
        order = random.permutation(len(one))
        for at in range(0, len(order), 32):
            part = order[at : at + 32]
            z = one[part] @ w
            p = np.exp(z - z.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            p[np.arange(len(part)), y[part]] -= 1
            g = one[part].T @ p / len(part)
            steps += 1
            m = 0.9 * m + 0.1 * g
            v = 0.999 * v + 0.001 * g * g
            w -= 0.002 * (m / (1 - 0.9**steps)) / (np.sqrt(v / (1 - 0.999**steps)) + 1e-7)
    say('numpy, softmax regression, 12 epochs', lambda rows: (rows @ w[:-1] + w[-1]).argmax(axis=1), start)


def torch_softmax():
    import torch

    torch.manual_seed(1)
    model = torch.nn.Linear(x.shape[1], classes)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.002)
    features, labels = torch.from_numpy(x), torch.from_numpy(y)
    start = time.perf_counter()
    for _ in range(12):
        for part in torch.randperm(len(x)).split(32):
            loss = torch.nn.functional.cross_entropy(model(features[part]), labels[part])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    say('PyTorch, softmax regression, 12 epochs', lambda rows: model(torch.from_numpy(rows)).argmax(dim=1).numpy(), start)


scikit_learn()
numpy_softmax()
try:
    torch_softmax()
except ImportError:
    print('  PyTorch is not installed here')
