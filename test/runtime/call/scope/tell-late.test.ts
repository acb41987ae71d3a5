import { describe, expect, test } from 'vitest'
import { sayLate, tellLate } from '../../../../runtime/call/scope/tell-late.js'
import type { ErrorRecord } from '../../../../runtime/wire/error-record.js'

const ask = (record: Partial<ErrorRecord>, timeLeftMs: number): string =>
  tellLate({ code: 'deadline_exceeded', message: '', ...record } as ErrorRecord, 'notes.save', {
    timeLeftMs,
    lateMessage: sayLate('notes.save', 100),
  }).message

describe('what a callee says of the time that a call had', () => {
  test('is said with the time that the caller gave', () => {
    expect(ask({ message: sayLate('notes.save', 88) }, 0.4)).toBe(
      'notes.save took longer than 100 ms: raise timeoutMs, or have it answer sooner',
    )
  })

  test.each<[string, Partial<ErrorRecord>, number]>([
    ['where the callee allows less than its caller', { message: sayLate('notes.save', 30) }, 70],
    ['where a handler said it', { message: 'the disk took too long' }, 0],
    ['where it is another call that was late', { message: sayLate('disk.write', 12) }, 0],
    ['where it is no deadline', { message: sayLate('notes.save', 88), code: 'unknown' }, 0],
  ])('stays as it is %s', (_, record, timeLeftMs) => {
    expect(ask(record, timeLeftMs)).toBe(record.message)
  })
})
