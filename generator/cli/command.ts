/** What a command line asks for. */
export type Command =
  | BuildCommand
  | InitCommand
  | ExplainCommand
  | TokenCommand
  | DoctorCommand
  | PrintCommand
  | MisuseCommand

/** What `netgen build` builds where no schema file is named. */
export const DEFAULT_SCHEMA = 'schema.ts'

/** `netgen build`. */
export interface BuildCommand {
  readonly is: 'build'
  /** As they were typed; empty where none was. */
  readonly schemas: readonly string[]
  /** As it was typed. */
  readonly out?: string
  /** Absent: as the user's tsconfig suits it. */
  readonly language?: 'ts' | 'js'
  /** Absent: as the user's tsconfig allows. */
  readonly importEnding?: 'js' | 'ts' | 'none'
  readonly check: boolean
  readonly watch: boolean
  readonly json: boolean
}

/** `netgen init`. */
export interface InitCommand {
  readonly is: 'init'
  /** As it was typed. Default: `.` */
  readonly folder: string
}

/** `netgen explain`. */
export interface ExplainCommand {
  readonly is: 'explain'
  /** As it was typed; absent: all of them. */
  readonly code?: string
}

/** `netgen token`. */
export interface TokenCommand {
  readonly is: 'token'
  /** As it was typed. */
  readonly address: string
}

/** `netgen doctor`. */
export interface DoctorCommand {
  readonly is: 'doctor'
  /** The URLs of the engine's servers, with commas between, as they were typed; absent: `NET_ENGINE`. */
  readonly engine?: string
  /** Absent: `NET_GROUP`. */
  readonly group?: string
  /** The monitoring port of a server, as it was typed; absent: it is not asked. */
  readonly monitoring?: string
  /** Whether to print alone what a server has to permit. */
  readonly permissions: boolean
  /** Whether those for durable events too. */
  readonly durable: boolean
  readonly json: boolean
}

/** `--help` and `--version`. */
export interface PrintCommand {
  readonly is: 'print'
  readonly text: string
}

/** A command line that asks for nothing there is. */
export interface MisuseCommand {
  readonly is: 'misuse'
  /** A lower-case fragment, with what to type instead. */
  readonly message: string
}
