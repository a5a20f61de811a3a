# syntax=docker/dockerfile:1
FROM node:20-bookworm-slim AS node

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/
COPY --from=node /usr/local/lib/node_modules/npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /source
COPY . .
RUN dotnet publish web --configuration Release --use-current-runtime --no-self-contained -p:PublishReadyToRun=true --output /server

FROM mcr.microsoft.com/dotnet/aspnet:10.0
RUN apt-get update && apt-get install --yes --no-install-recommends curl libsqlite3-0 && rm -rf /var/lib/apt/lists/* \
 && install --directory --owner=app /data
COPY --from=build /server /server
USER app
VOLUME /data
ENV CALANGO_DATA=/data
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD curl --fail --silent http://127.0.0.1:5080/health/ready
ENTRYPOINT ["/server/Calango.Web"]
