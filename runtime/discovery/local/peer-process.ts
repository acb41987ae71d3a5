import { readFileSync, readlinkSync } from 'node:fs'

/** The process of a peer. */
export interface PeerProcess {
  readonly pid: number
  /** In which namespace of processes its number counts; empty where a machine has only one. */
  readonly namespace: string
  /** When it began, as no other process with its number did; empty where the system does not say. */
  readonly begin: string
}

/** This process. */
export function readOwnProcess(): PeerProcess {
  return { pid: process.pid, namespace: readNamespace(), begin: readBegin(process.pid) }
}

function readNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

/**
 * Whether a process is certainly no more. One of another namespace cannot be seen, and a number may have been given to another
 * process since: only the answer yes is certain.
 */
export function hasEnded({ pid, namespace }: PeerProcess, own: PeerProcess): boolean {
  if (namespace !== own.namespace) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/**
 * Whether a process certainly runs: its number is in use, and by none that began at another time. This reads files of the system,
 * where there are any, and costs ten times as much as {@link hasEnded}.
 */
export function isRunning(peer: PeerProcess, own: PeerProcess): boolean {
  const isSeen = peer.begin !== '' && peer.namespace === own.namespace && !hasEnded(peer, own)
  return isSeen && readBegin(peer.pid) === peer.begin
}

/** The states of processes that have ended: zombie, and dead. */
const ENDED: readonly string[] = ['Z', 'X']

/** Which start of the machine it was, and how long after it the process began: field 22 of `/proc/<pid>/stat` (proc(5)). Empty where it has ended. */
function readBegin(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in parentheses, which may hold anything.
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ')
    const [state = '', ticks] = [fields[0], fields[19]]
    // One that has ended keeps its number until its parent asks for it, which some never do.
    return ticks === undefined || ENDED.includes(state) ? '' : `${boot} ${ticks}`
  } catch {
    return ''
  }
}
