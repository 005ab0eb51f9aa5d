"""Settings of etcd, Patroni, HAProxy and PgBouncer for one machine.

In earnest each runs on machines of its own, where they differ by their addresses alone.
"""

MEMBERS = ("e1", "e2", "e3")
NODES = ("n1", "n2")
SUPERUSER = REPLICATION = "not-of-any-other-server"

PATRONI = """\
scope: portal
name: {name}
restapi: {{listen: "127.0.0.1:{rest}", connect_address: "127.0.0.1:{rest}"}}
etcd3: {{hosts: "{etcd}"}}
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 5
    retry_timeout: 5
    maximum_lag_on_failover: 1048576
    synchronous_mode: true        # who is acknowledged is on two servers
    postgresql:
      use_pg_rewind: true         # a killed primary comes back as the standby
      parameters: {{max_connections: 100, wal_log_hints: "on"}}
  initdb: [{{encoding: UTF8}}, data-checksums, {{locale: C.UTF-8}}]
  pg_hba:
    - local all all scram-sha-256
    - host all all 127.0.0.1/32 scram-sha-256
    - host replication replicator 127.0.0.1/32 scram-sha-256
postgresql:
  listen: "127.0.0.1:{port}"
  connect_address: "127.0.0.1:{port}"
  data_dir: {home}/{name}
  bin_dir: {binaries}
  pgpass: {home}/{name}.pgpass
  use_unix_socket: true         # Patroni's own way to its server, which no cut network touches
  parameters: {{unix_socket_directories: "{home}", dynamic_shared_memory_type: mmap}}
  authentication:
    superuser: {{username: postgres, password: {superuser}}}
    replication: {{username: replicator, password: {replication}}}
    rewind: {{username: rewinder, password: {replication}}}
"""

# `shutdown-sessions`: who is no longer the primary loses its sessions at once, so that nobody writes to two of them
HAPROXY = """\
global
    maxconn 500
    stats socket {home}/haproxy.sock mode 600 level admin
defaults
    mode tcp
    timeout connect 2s
    timeout client 5m
    timeout server 5m
    timeout check 2s
listen primary
    bind 127.0.0.1:{primary}
    option httpchk GET /primary
    default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
{primaries}
listen web
    mode http
    bind 127.0.0.1:{web}
    timeout server 60s
    option httpchk GET /watch/livez
    option redispatch
    retries 2
    http-reuse never
    default-server inter 1s fall 2 rise 1
{webs}
"""

PGBOUNCER = """\
[databases]
shop = host=127.0.0.1 port={primary}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {pooler}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {home}/users.txt
pool_mode = transaction
default_pool_size = 20
max_client_conn = 500
ignore_startup_parameters = options
server_login_retry = 1
query_wait_timeout = 10
server_fast_close = 1
"""


def etcd_command(name: str, peers: dict[str, int], clients: dict[str, int], home: object) -> list[str]:
    cluster = ",".join(f"{member}=http://127.0.0.1:{port}" for member, port in peers.items())
    peer, client = f"http://127.0.0.1:{peers[name]}", f"http://127.0.0.1:{clients[name]}"
    return [
        "etcd", "--name", name, "--data-dir", f"{home}/{name}", "--initial-cluster", cluster,
        "--listen-client-urls", client, "--advertise-client-urls", client,
        "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
        "--heartbeat-interval", "250", "--election-timeout", "2500", "--log-level", "error",
    ]  # fmt: skip
