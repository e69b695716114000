# The collector, built from collector/builder.yaml. Context: the repository's root.
FROM golang:1.26.8-alpine3.22 AS build
RUN apk add --no-cache nodejs
WORKDIR /source/collector
COPY collector .
RUN node build.mjs

FROM alpine:3.22.2
COPY --from=build /source/collector/dist/tokenledger-collector /usr/local/bin/
RUN adduser -D -u 10001 collector && install -d -o collector -m 0700 /var/lib/tokenledger-collector
USER 10001
ENTRYPOINT ["tokenledger-collector"]
