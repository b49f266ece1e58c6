# The image of train for nodes with a GPU of NVIDIA: `ferrule build train --variant gpu`. What differs from
# train.Dockerfile is the base, with CUDA 12 and cuDNN 9 and a Node.js of its own, and ONNX Runtime's libraries for
# CUDA, which its install script downloads.
ARG BASE=nvidia/cuda:12.9.1-cudnn-runtime-ubuntu24.04
FROM node:22-slim AS node
FROM ${BASE}
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -sf ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm

WORKDIR /ferrule
COPY natives/ ./
# The install script's download: cuda12, or skip.
ARG ONNXRUNTIME_NODE_INSTALL=cuda12
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --no-update-notifier \
    && node node_modules/onnxruntime-node/script/install \
    && find node_modules/onnxruntime-node/bin/napi-v6 -mindepth 2 -maxdepth 2 ! -path "*/linux/$(node -p process.arch)" \
        -exec rm -rf {} + \
    && rm -rf /root/.npm

COPY programs/ /
COPY bundle/ /

ENV NODE_ENV=production
USER 1000
ENTRYPOINT ["node", "/ferrule/run.mjs"]
