import type { ErrorRecord } from '../../wire/error-record.js'

/** By how much the two sides of a call may disagree when its time was over: it travels in whole milliseconds. */
const ROUNDING_MS = 5

/** What is known of a call's time at the side that looks at its failure. */
interface CallTime {
  readonly timeLeftMs: number
  readonly lateMessage: string
}

/** What a call says that took longer than it may, in milliseconds, and what to do about it. */
export function sayLate(tag: string, timeoutMs: number): string {
  return `${sayTook(tag)}${Math.ceil(timeoutMs)} ms: raise timeoutMs, or have it answer sooner`
}

/** The same of a call that has no more time than the one whose handler made it. */
export function sayLateWithin(tag: string, timeoutMs: number): string {
  return `${sayTook(tag)}${Math.ceil(timeoutMs)} ms, all that was left to the call around it: raise timeoutMs there, or have it answer sooner`
}

/**
 * A failure that the callee wrote down, in the words of the caller where it is that the time was over: the callee counts only what
 * was left of it when the call came. Where it allows less than its caller, its own words stay.
 */
export function tellLate(record: ErrorRecord, tag: string, time: CallTime): ErrorRecord {
  if (record.code !== 'deadline_exceeded' || time.timeLeftMs > ROUNDING_MS) return record
  return record.message.startsWith(sayTook(tag)) ? { ...record, message: time.lateMessage } : record
}

function sayTook(tag: string): string {
  return `${tag} took longer than `
}
