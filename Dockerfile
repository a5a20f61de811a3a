# syntax=docker/dockerfile:1
FROM node:20-bookworm-slim AS node

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/
COPY --from=node /usr/local/lib/node_modules/npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /source
COPY . .
RUN dotnet publish web --configuration Release --use-current-runtime --no-self-contained -p:PublishReadyToRun=true -p:RestoreLockedMode=true --output /server

FROM mcr.microsoft.com/dotnet/aspnet:10.0
RUN apt-get update \
 && apt-get install --yes --no-install-recommends apertium apertium-eng-spa apertium-es-pt bubblewrap curl libsqlite3-0 poppler-utils tesseract-ocr tesseract-ocr-eng tesseract-ocr-por \
 && rm -rf /var/lib/apt/lists/* \
 && install --directory --owner=app --mode=700 /data
COPY --from=build /server /server
# Not the root folder: the server would watch all that is below for a change of its settings.
WORKDIR /server
USER app
VOLUME /data
# In Server mode CALANGO_URLS=http://0.0.0.0:5080 lets others in, at CALANGO_PUBLICURL (docker-compose.yml).
ENV CALANGO_DATA=/data CALANGO_URLS=http://127.0.0.1:5080
# Alive, not ready: a server that waits for its database must not be restarted for that.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD curl --fail --silent "${CALANGO_URLS%%;*}/health/live"
ENTRYPOINT ["/server/Calango.Web"]
