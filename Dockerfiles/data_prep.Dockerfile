# The image of data_prep. The build's context holds, besides this project's files:
#   natives/  package.json and package-lock.json, cut down to the packages that a bundle cannot hold (here sharp)
#   run.mjs   the executor
#   bundle/   the component's code, which changes most often and therefore comes last
FROM node:22-slim

WORKDIR /ferrule
COPY natives/ ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force

COPY run.mjs ./
COPY bundle/ ./bundle/

ENV NODE_ENV=production
USER node
ENTRYPOINT ["node", "/ferrule/run.mjs"]
