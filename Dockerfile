# One static binary on nothing: about what it weighs, and nothing to patch. It has no Postgres of its
# own; `migrate`, `check`, `status` and `plan` need none. `--replay` and `--prove` take `--scratch-url`.
FROM rust:1.95-alpine AS build
RUN apk add --no-cache musl-dev gcc make ca-certificates
WORKDIR /source
COPY . .
RUN cargo build --release --locked --package driftless-cli --no-default-features \
    && mkdir -p /image/usr/local/bin /image/etc/ssl/certs /image/tmp /image/project \
    && cp target/release/driftless /image/usr/local/bin/ \
    && cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ \
    && chmod 1777 /image/tmp

FROM scratch
COPY --from=build /image /
# A number, so that Kubernetes can see that it is not root.
USER 65532:65532
WORKDIR /project
ENV PATH=/usr/local/bin
ENTRYPOINT ["driftless"]
