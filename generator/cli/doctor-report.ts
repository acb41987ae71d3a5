import { type EngineFindings, isOlderServer, OLDEST_DURABLE_SERVER } from 'netgen/nats'

/** What `netgen doctor` says of an engine, in words. */
export interface DoctorReport {
  /** What was found. */
  readonly facts: readonly string[]
  /** What somebody who relies on it does well to know. */
  readonly warnings: readonly string[]
  /** What a peer cannot do without, with what to do. */
  readonly problems: readonly string[]
  /** What is promised with what was found. */
  readonly promises: readonly string[]
}

/** The first server that can be told when to write to its disk; those before do every two minutes. */
const SYNC_VERSION = '2.10.0'
const DEFAULT_SYNC_MS = 120_000

/** How far clocks may differ, in milliseconds, before times of logs and of events mislead. */
const MAX_CLOCK_SKEW_MS = 1_000

/** Puts in words what was found of an engine, for a peer of a group. */
export function reportEngine(findings: EngineFindings, group: string): DoctorReport {
  const { servers, version, clusterAddresses, roundTripMs, maxPayloadBytes, missing, jetStream, monitoring } = findings
  const isOne = clusterAddresses === undefined
  return {
    facts: [
      `nats-server ${version} answers at ${servers.join(', ')}, in ${roundTripMs.toFixed(1)} ms`,
      isOne ? 'it is in no cluster' : `it is in a cluster, of which it names ${clusterAddresses} addresses`,
      `a message may have ${printBytes(maxPayloadBytes)}`,
      ...(missing.length === 0 ? [`this user may do what a peer of group ${JSON.stringify(group)} needs`] : []),
      describeJetStream(jetStream),
      describeSync(findings),
      ...(monitoring === undefined ? [] : [`its clock is ${describeClock(monitoring.clockAheadMs)}`]),
    ],
    warnings: [
      ...(monitoring !== undefined && !isOne
        ? ['what a monitoring port says is of its own server: ask the others of the cluster too']
        : []),
      ...(monitoring !== undefined && Math.abs(monitoring.clockAheadMs) > MAX_CLOCK_SKEW_MS
        ? ['the clocks differ: times in logs and of events mislead, and credentials may end too early']
        : []),
      ...(isOlderServer(version, OLDEST_DURABLE_SERVER)
        ? [`durable events take nats-server ${OLDEST_DURABLE_SERVER} or newer`]
        : []),
    ],
    problems: [
      ...missing.map(({ verb, subject, permit }) => `this user may not ${verb} ${subject}: permit ${permit} to it`),
    ],
    promises: promise(findings, group, isOne),
  }
}

function describeJetStream(jetStream: EngineFindings['jetStream']): string {
  if (!jetStream.isThere) return `there is no JetStream for this user: ${jetStream.reason}`
  const { streams, storageBytes, maxStorageBytes } = jetStream
  const limit = maxStorageBytes === undefined ? 'as much as its server can' : printBytes(maxStorageBytes)
  const held = streams === 0 ? 'nothing' : `${printBytes(storageBytes)} in ${streams} stream${streams === 1 ? '' : 's'}`
  return `JetStream holds ${held}, and may hold ${limit}`
}

function describeSync({ version, jetStream, monitoring }: EngineFindings): string {
  if (!jetStream.isThere) return 'nothing is kept on a disk'
  if (isOlderServer(version, SYNC_VERSION))
    return 'what it has acknowledged is on its disk within 2 min; before nats-server 2.10 that cannot be set'
  const { syncIntervalMs } = monitoring ?? {}
  if (syncIntervalMs === 0) return 'what it has acknowledged is on its disk (sync_interval: always)'
  if (syncIntervalMs !== undefined)
    return `what it has acknowledged is on its disk within ${printMs(syncIntervalMs)} (sync_interval)`
  return `when what it has acknowledged is on its disk is not known, ${printMs(DEFAULT_SYNC_MS)} unless sync_interval says otherwise: ${MONITORING_HINT}`
}

const MONITORING_HINT = 'name its monitoring port, as in --monitoring http://localhost:8222'

/** Of nothing older it can be so, whatever answers at the monitoring port. */
function isAlwaysSynced({ version, monitoring }: EngineFindings): boolean {
  return !isOlderServer(version, SYNC_VERSION) && monitoring?.syncIntervalMs === 0
}

function promise(findings: EngineFindings, group: string, isOne: boolean): string[] {
  const { version, jetStream } = findings
  const calls = 'a call that may have run says so when it fails; live events arrive at most once, and gaps are told'
  if (isOlderServer(version, OLDEST_DURABLE_SERVER))
    return [calls, `no durable events: they take nats-server ${OLDEST_DURABLE_SERVER} or newer`]
  if (!jetStream.isThere) return [calls, `no durable events: they need JetStream: ${advise(jetStream.cause, group)}`]
  const kill = 'an acknowledged durable event survives the kill of any process: of publisher, subscriber and server'
  const power = isAlwaysSynced(findings)
    ? `it survives a power loss of the server${isOne ? '' : ' that was asked'}`
    : 'it does not survive a power loss of a single server that has not written it to its disk yet'
  const loss = isOne
    ? 'it does not survive the loss of the disk: three servers and three replicas of each stream do'
    : 'where its stream has three replicas, it survives the loss of one server, with its disk'
  return [calls, kill, power, loss]
}

type Absence = Extract<EngineFindings['jetStream'], { readonly isThere: false }>['cause']

function advise(cause: Absence, group: string): string {
  if (cause === 'nobody') return 'start nats-server with -js'
  if (cause === 'account') return "enable it for this user's account"
  if (cause === 'unclear') return 'see in the log of nats-server why it is not there'
  const name = /^[\w.-]+$/.test(group) ? group : JSON.stringify(group)
  return `permit it to this user, as \`netgen doctor --group ${name} --permissions --durable\` prints it`
}

function describeClock(aheadMs: number): string {
  if (Math.abs(aheadMs) < 50) return "this machine's"
  return aheadMs > 0 ? `${printMs(aheadMs)} ahead` : `${printMs(-aheadMs)} behind`
}

function printBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const rank = bytes === 0 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  return `${Math.round((bytes / 1_024 ** rank) * 10) / 10} ${units[rank]}`
}

function printMs(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  return ms < 60_000 ? `${Math.round(ms / 100) / 10} s` : `${Math.round(ms / 6_000) / 10} min`
}
