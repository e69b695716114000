# The command line, for `migrate`. Context: the repository's root.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /source
COPY . .
RUN npm ci && npm run build

FROM node:24.21.0-bookworm-slim
COPY --from=build /source /opt/tokenledger
RUN ln -s /opt/tokenledger/node_modules/.bin/tokenledger /usr/local/bin/tokenledger
USER node
ENTRYPOINT ["tokenledger"]
