# The image of train. The build's context holds, besides this project's files:
#   natives/  package.json and package-lock.json, cut down to the packages that a bundle cannot hold
#             (here sharp and onnxruntime-node)
#   run.mjs   the executor
#   bundle/   the component's code and its backbone, which change most often and therefore come last
#
# As it stands it trains on the CPU. CUDA needs two things more: a base with CUDA 12, cuDNN 9 and Node, named by
# --build-arg BASE, and ONNX Runtime's CUDA libraries, which its install script downloads (--build-arg SCRIPTS=).
ARG BASE=node:22-slim
FROM ${BASE}

ARG SCRIPTS=--ignore-scripts
WORKDIR /ferrule
COPY natives/ ./
# ONNX Runtime ships the libraries of every platform: 240 MB that no container can use.
RUN npm ci --omit=dev ${SCRIPTS} --no-audit --no-fund \
    && npm cache clean --force \
    && rm -rf node_modules/onnxruntime-node/bin/napi-v6/darwin node_modules/onnxruntime-node/bin/napi-v6/win32

COPY run.mjs ./
COPY bundle/ ./bundle/

ENV NODE_ENV=production
# The numeric id of "node", which bases other than Node's may not know by name.
USER 1000
ENTRYPOINT ["node", "/ferrule/run.mjs"]
