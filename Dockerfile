# A container with nothing but lockstep: flows are mounted at /flows.
#   docker build -t lockstep .
#   docker run --rm -p 1880:1880 -v "$PWD:/flows" lockstep run --host 0.0.0.0 flows.json
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /lockstep ./cmd/lockstep

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /lockstep /lockstep
WORKDIR /flows
EXPOSE 1880
ENTRYPOINT ["/lockstep"]
CMD ["run", "--host", "0.0.0.0", "flows.json"]
