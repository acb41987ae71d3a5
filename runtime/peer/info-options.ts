import { userInfo } from 'node:os'
import { printValue } from '../errors/print-value.js'
import { refuse } from '../errors/refuse.js'
import { findUnencodable } from '../wire/find-unencodable.js'
import { refuseValue } from './tuning.js'

/** What a peer tells about itself besides what netgen knows. */
export interface InfoOptions {
  /** What `netgen.info` of this peer says under `info`: any object of JSON. Default: nothing. */
  readonly info?: Readonly<Record<string, unknown>>
  /** Whether `netgen.info` names the user and the program that the process runs as. Default: false. */
  readonly exposeProcess?: boolean
}

/** The same, ready to be told. */
export interface InfoSettings {
  readonly info: Readonly<Record<string, unknown>>
  readonly process: { readonly user: string; readonly executable: string } | undefined
}

/** Checks what is to be told, and keeps a copy. Throws `invalid_argument` for what JSON cannot hold. */
export function readInfo({ info = {}, exposeProcess = false }: InfoOptions): InfoSettings {
  if (typeof info !== 'object' || info === null || Array.isArray(info)) {
    throw refuseValue('createPeer', 'info', info, 'an object')
  }
  if (typeof exposeProcess !== 'boolean') {
    throw refuseValue('createPeer', 'exposeProcess', exposeProcess, 'true or false')
  }
  const found = findUnencodable(info)
  if (found !== undefined) {
    const place = found.pointer === '' ? '' : ` at ${printValue(found.pointer)}`
    throw refuse('invalid_argument', `option info of createPeer is refused:${place} ${found.problem}`)
  }
  return {
    info: JSON.parse(JSON.stringify(info)) as Readonly<Record<string, unknown>>,
    process: exposeProcess ? { user: userInfo().username, executable: process.execPath } : undefined,
  }
}
