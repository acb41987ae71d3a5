import type { LogFields, Logger, LogLevel } from '../api/logger.js'
import { createConsoleLogger } from './console-logger.js'

/**
 * The application's logger, with all else that it has, for whoever logs between other things: whatever it throws, or rejects with, ends
 * here. The first such failure of it is written to stderr, whatever the level.
 */
export function guardLogger(logger: Logger): Logger {
  let isTold = false
  const onFailure = (error: unknown): void => {
    if (isTold) return
    isTold = true
    createConsoleLogger('error').error('the logger that a peer was given fails', { error })
  }
  const guard =
    (level: Exclude<LogLevel, 'silent'>) =>
    (message: string, fields: LogFields): void => {
      try {
        const written: unknown = logger[level](message, fields)
        if (written instanceof Promise) written.catch(onFailure)
      } catch (error) {
        onFailure(error)
      }
    }
  const guards: Logger = { debug: guard('debug'), info: guard('info'), warn: guard('warn'), error: guard('error') }
  // Interceptors are given it, and may know more of it than netgen does. Methods run on the logger itself, which may have private fields.
  return new Proxy(guards, {
    get: (_, key) => {
      if (Object.hasOwn(guards, key)) return guards[key as keyof Logger]
      const value: unknown = Reflect.get(logger, key)
      return typeof value === 'function' ? value.bind(logger) : value
    },
    set: (_, key, value) => Reflect.set(logger, key, value),
    has: (_, key) => Reflect.has(logger, key),
  })
}
