# The image of eval. The build's context holds, besides this project's files:
#   natives/  package.json and package-lock.json, cut down to the packages that a bundle cannot hold
#             (here sharp and onnxruntime-node)
#   run.mjs   the executor
#   bundle/   the component's code, which changes most often and therefore comes last
FROM node:22-slim

WORKDIR /ferrule
COPY natives/ ./
# ONNX Runtime ships the libraries of every platform: 240 MB that no container can use.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
    && npm cache clean --force \
    && rm -rf node_modules/onnxruntime-node/bin/napi-v6/darwin node_modules/onnxruntime-node/bin/napi-v6/win32

COPY run.mjs ./
COPY bundle/ ./bundle/

ENV NODE_ENV=production
USER node
ENTRYPOINT ["node", "/ferrule/run.mjs"]
