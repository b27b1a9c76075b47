# One image for every service: the command decides which (see docker-compose.yml).
ARG NODE_IMAGE=node:22-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --include=dev --no-audit --no-fund
COPY . .
RUN node bin/build.mjs

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# Optional packages are the embedded PostgreSQL server and native accelerators; neither is needed here.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE}
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 WORKER_PORT=3001 MALLOC_ARENA_MAX=1
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
USER node
EXPOSE 3000
# Arguments and variable as in bin/service-runtime.mjs, for the reasons given there.
ENTRYPOINT ["node", "--heap-growing-percent=80", "--max-semi-space-size=16", \
  "--incremental-marking-soft-trigger=90", "--incremental-marking-hard-trigger=98", \
  "--no-allocation-site-pretenuring"]
CMD ["dist/apps/api/src/main.js"]
