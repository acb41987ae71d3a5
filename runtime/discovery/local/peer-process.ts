import { readlinkSync } from 'node:fs'

/** The process of a peer. */
export interface PeerProcess {
  readonly pid: number
  /** In which namespace of processes its number counts; empty where a machine has only one. */
  readonly namespace: string
}

/** This process. */
export function readOwnProcess(): PeerProcess {
  return { pid: process.pid, namespace: readNamespace() }
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
