import { createHash } from "node:crypto";

/** What one start of the server is configured with. */
export interface StoreConfiguration {
  /** Holds the data, the logs and this configuration; only its owner may enter it. */
  directory: string;
  usersFile: string;
  httpPort: number;
  memoryBytes: number;
  /** Answered only to someone with the password: tells our server from another one on the port. */
  instance: string;
  database: string;
  password: string;
  readerPassword: string;
  cluster?: StoreCluster | undefined;
}

/** A cluster of stores on this machine, one shard each, that know one another. */
export interface StoreCluster {
  name: string;
  /** Loopback ports at which the stores answer one another, in the order of their shards. */
  ports: readonly number[];
  /** Which of the ports is this store's. */
  port: number;
  /** Lets the stores trust one another's users. */
  secret: string;
}

/** The user that owns the ledger, and the one that may only read it. */
export const ledgerUser = "tokenledger";
export const readerUser = "reader";

const escapeXml = (text: string): string =>
  text.replace(/[&<>]/g, (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[character] ?? character);

/** Protocols that the server is told to answer. */
export const listeners = (cluster: StoreCluster | undefined): readonly string[] =>
  cluster === undefined ? ["HTTP"] : ["HTTP", "TCP"];

/** What makes a store a shard: a port for the others, and where they are. */
const clusterXml = ({ name, ports, port, secret }: StoreCluster): string => `\
  <tcp_port>${port}</tcp_port>
  <remote_servers>
    <${name}>
      <secret>${escapeXml(secret)}</secret>
      ${ports.map((shard) => `<shard><replica><host>127.0.0.1</host><port>${shard}</port></replica></shard>`).join("")}
    </${name}>
  </remote_servers>
`;

/**
 * The server's configuration: loopback, HTTP only unless it is a shard, files under the directory.
 *
 * Parts are flushed to the disk before an insert is acknowledged, and outlive their merge by a minute:
 * the defaults leave both to the kernel, and an acknowledged span might not survive a power cut.
 */
export const serverXml = ({
  directory,
  usersFile,
  httpPort,
  memoryBytes,
  instance,
  cluster,
}: StoreConfiguration): string => `\
<clickhouse>
  <path>${escapeXml(directory)}/data/</path>
  <tmp_path>${escapeXml(directory)}/data/tmp/</tmp_path>
  <user_files_path>${escapeXml(directory)}/data/user_files/</user_files_path>
  <format_schema_path>${escapeXml(directory)}/data/format_schemas/</format_schema_path>
  <users_config>${escapeXml(usersFile)}</users_config>
  <user_directories><users_xml><path>${escapeXml(usersFile)}</path></users_xml></user_directories>
  <access_control_improvements>
    <select_from_system_db_requires_grant>true</select_from_system_db_requires_grant>
    <select_from_information_schema_requires_grant>true</select_from_information_schema_requires_grant>
  </access_control_improvements>
  <timezone>UTC</timezone>
  <listen_host>127.0.0.1</listen_host>
  <http_port>${httpPort}</http_port>
  <background_schedule_pool_size>16</background_schedule_pool_size>
  <max_connections>256</max_connections>
  <keep_alive_timeout>10</keep_alive_timeout>
  <shutdown_wait_unfinished>2</shutdown_wait_unfinished>
  <max_server_memory_usage>${memoryBytes}</max_server_memory_usage>
  <mark_cache_size>268435456</mark_cache_size>
  <merge_tree>
    <fsync_after_insert>1</fsync_after_insert>
    <fsync_part_directory>1</fsync_part_directory>
    <old_parts_lifetime>60</old_parts_lifetime>
  </merge_tree>
  <log-level>warning</log-level>
  <logger>
    <log>${escapeXml(directory)}/server.log</log>
    <errorlog>${escapeXml(directory)}/server-errors.log</errorlog>
    <size>10M</size>
    <count>2</count>
  </logger>
  <macros><instance>${instance}</instance></macros>
${cluster === undefined ? "" : clusterXml(cluster)}\
</clickhouse>
`;

/**
 * Of all that the analyzer tries, the first takes half its time on statements as long as the ledger's, for nothing:
 * it derives comparisons from chains of others. The second has FINAL look at each week by itself: which one a row is in
 * follows from its key.
 */
const plans = `\
<optimize_and_compare_chain>0</optimize_and_compare_chain>
      <do_not_merge_across_partitions_select_final>1</do_not_merge_across_partitions_select_final>`;

/**
 * What a question puts beside its rows to join, sort or group them goes to disk beyond these shares of the memory that it
 * may use: some do so a dozen times, and half each, the default, would be too much together. A join that goes to disk
 * takes four times as long, so it should not before it must.
 */
const spills = `\
<max_bytes_ratio_before_external_join>0.1</max_bytes_ratio_before_external_join>
      <max_bytes_ratio_before_external_sort>0.2</max_bytes_ratio_before_external_sort>
      <max_bytes_ratio_before_external_group_by>0.2</max_bytes_ratio_before_external_group_by>`;

/**
 * The engine ends where another server resets a connection to it, as servers do that waited too long for a greeting:
 * on a busy machine they have to wait.
 */
const patience = `\
<use_hedged_requests>0</use_hedged_requests>
      <connect_timeout_with_failover_ms>60000</connect_timeout_with_failover_ms>
      <handshake_timeout_ms>60000</handshake_timeout_ms>`;

const hashed = (password: string): string =>
  `<password_sha256_hex>${createHash("sha256").update(password).digest("hex")}</password_sha256_hex>`;
const loopback = "<networks><ip>127.0.0.1</ip><ip>::1</ip></networks>";

/**
 * Users of the server.
 *
 * The engine's own session always logs in as `default` without a password, so that user may do nothing
 * but open the ports and count, and its quota is what those statements use up: nobody can log in as
 * it afterwards. The reader has no grant that reaches a file, the network or another database, and
 * cannot raise its own limits.
 */
export const usersXml = ({ database, password, readerPassword, memoryBytes, cluster }: StoreConfiguration): string => `\
<clickhouse>
  <profiles>
    <default>
      ${plans}
      ${spills}
      ${cluster === undefined ? "" : patience}
    </default>
    <boot></boot>
    <reader>
      ${plans}
      ${spills}
      ${cluster === undefined ? "" : patience}
      <readonly>2</readonly>
      <max_memory_usage>${Math.floor(memoryBytes * 0.75)}</max_memory_usage>
      <max_execution_time>60</max_execution_time>
      <max_result_bytes>268435456</max_result_bytes>
      <constraints>
        <max_memory_usage><const/></max_memory_usage>
        <max_execution_time><min>1</min><max>60</max></max_execution_time>
        <max_result_bytes><min>1</min><max>268435456</max></max_result_bytes>
      </constraints>
    </reader>
  </profiles>
  <quotas>
    <default></default>
    <boot><interval><duration>2000000000</duration><queries>${listeners(cluster).length + 1}</queries></interval></boot>
  </quotas>
  <users>
    <default>
      <password></password>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>boot</profile>
      <quota>boot</quota>
      <grants><query>GRANT SYSTEM LISTEN ON *.*</query><query>GRANT SELECT ON system.numbers</query></grants>
    </default>
    <${ledgerUser}>${hashed(password)}${loopback}<profile>default</profile><quota>default</quota></${ledgerUser}>
    <${readerUser}>
      ${hashed(readerPassword)}${loopback}
      <profile>reader</profile>
      <quota>default</quota>
      <grants>
        <query>GRANT SELECT, SHOW, dictGet ON ${escapeXml(database)}.*</query>
      </grants>
    </${readerUser}>
  </users>
</clickhouse>
`;
