# The image of train, which trains on the CPU: see data_prep.Dockerfile. train.gpu.Dockerfile makes the one for GPUs.
# Its natives are sharp and onnxruntime-node.
FROM node:22-slim

WORKDIR /ferrule
COPY natives/ ./
# ONNX Runtime ships the libraries of every platform: 220 MB that no container can use.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --no-update-notifier \
    && rm -rf /root/.npm node_modules/onnxruntime-node/bin/napi-v6/darwin node_modules/onnxruntime-node/bin/napi-v6/win32

COPY programs/ /
COPY bundle/ /

ENV NODE_ENV=production
USER 1000
ENTRYPOINT ["node", "/ferrule/run.mjs"]
