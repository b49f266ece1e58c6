# The image of data_prep. `ferrule build` puts into the build's context, besides this project's files:
#   natives/   package.json and package-lock.json, cut down to the packages that a bundle cannot hold (here sharp)
#   programs/  /ferrule/run.mjs, which runs a component, and /ferrule/launch.mjs, which stages its files in a pod
#   bundle/    /ferrule/bundle/<digest>/, the component's code, which changes most often and therefore comes last
FROM node:22-slim

WORKDIR /ferrule
COPY natives/ ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --no-update-notifier \
    && rm -rf /root/.npm

COPY programs/ /
COPY bundle/ /

ENV NODE_ENV=production
USER 1000
ENTRYPOINT ["node", "/ferrule/run.mjs"]
