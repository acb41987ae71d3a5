/** What a command line asks for. */
export type Command = BuildCommand | InitCommand | PrintCommand | MisuseCommand

/** `netgen build`. */
export interface BuildCommand {
  readonly is: 'build'
  /** As they were typed; empty where none was. */
  readonly schemas: readonly string[]
  /** As it was typed. */
  readonly out?: string
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
