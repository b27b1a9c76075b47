# One image for every program; the command says which: api, worker, or cli migrate (see docker-compose.yml).
ARG NODE_IMAGE=node:26-slim

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
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 WORKER_PORT=3001
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
# The arguments that Node.js runs with are in runtime.mjs.
COPY bin/service-command.mjs bin/
COPY bin/services/runtime.mjs bin/services/
COPY deploy/service.sh deploy/
USER node
EXPOSE 3000
ENTRYPOINT ["sh", "deploy/service.sh"]
CMD ["api"]
