# The image of train, which trains on the CPU: see data_prep.Dockerfile. train.gpu.Dockerfile makes the one for GPUs.
# Its natives are sharp and onnxruntime-node.
FROM node:22-slim

WORKDIR /ferrule
COPY natives/ ./
# ONNX Runtime ships the libraries of every platform: 250 MB that no container can use.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --no-update-notifier \
    && find node_modules/onnxruntime-node/bin/napi-v6 -mindepth 2 -maxdepth 2 ! -path "*/linux/$(node -p process.arch)" \
        -exec rm -rf {} + \
    && rm -rf /root/.npm

COPY programs/ /
COPY bundle/ /

ENV NODE_ENV=production
USER 1000
ENTRYPOINT ["node", "/ferrule/run.mjs"]
