import { type InspectOptions, inspect } from 'node:util'
import type { LogFields, Logger, LogLevel } from '../api/logger.js'
import { cleanText } from '../errors/clean-text.js'

const RANKS: Readonly<Record<LogLevel, number>> = { silent: 0, error: 1, warn: 2, info: 3, debug: 4 }

/** A logger whose level may change. */
export interface ConsoleLogger extends Logger {
  level: LogLevel
}

/**
 * Writes entries up to a level to stderr: `netgen:LEVEL<tab>message`, then the fields; an error on lines of its own, which
 * are indented, so that none of them can pass for an entry. Text from outside is cleaned. Never throws for what it is given.
 */
export function createConsoleLogger(level: LogLevel): ConsoleLogger {
  const write = (rank: LogLevel, message: string, fields: LogFields): void => {
    if (RANKS[rank] > RANKS[logger.level]) return
    const { error, ...rest } = fields
    const line = `netgen:${rank.toUpperCase()}\t${message} ${print(rest, ON_ONE_LINE)}`
    const block = error === undefined ? '' : `\n${print(error)}`.replaceAll('\n', '\n    ')
    process.stderr.write(`${cleanText(line + block)}\n`)
  }
  const logger: ConsoleLogger = {
    level,
    debug: (message, fields) => write('debug', message, fields),
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
  }
  return logger
}

const ON_ONE_LINE: InspectOptions = { breakLength: Number.POSITIVE_INFINITY, compact: true }

function print(value: unknown, options?: InspectOptions): string {
  try {
    return inspect(value, options)
  } catch {
    // An error's own getters may throw.
    return 'a value that cannot be shown'
  }
}
