import { describe, expect, test } from 'vitest'
import type { HttpResponse } from '../../../../runtime/transport/http/http-exchange.js'
import { readIdentity } from '../../../../runtime/transport/http/read-identity.js'
import { Trust } from '../../../../runtime/transport/http/trust.js'
import { readAnswer } from '../../../../runtime/transport/read-answer.js'

const respond = (status: number, body: string | Buffer, contentType = 'application/json'): HttpResponse => ({
  status,
  contentType,
  body: Buffer.from(body),
})

describe('the answer to a call', () => {
  const peer = { id: 'abc', host: '127.0.0.1', port: 3010, group: 'notes', hub: false }
  const read = (response: HttpResponse) => readAnswer(response, peer, 'notes.save')
  const record = {
    kind: 'builtin',
    name: 'TypeError',
    message: 'no',
    code: 'unknown',
    maybeExecuted: true,
    errorId: 'id',
    hops: [],
  }

  test.each<[string, string]>([
    ['JSON', 'application/json'],
    ['JSON with a charset', 'Application/JSON; charset=utf-8'],
  ])('is what its body holds where the status is 200: %s', (_, contentType) => {
    expect(read(respond(200, '{"é":1}', contentType))).toEqual({ ok: true, value: { é: 1 } })
  })

  test('is its error where the status is another one', () => {
    expect(read(respond(500, JSON.stringify({ error: record })))).toEqual({ ok: false, error: record })
  })

  test.each<[string, HttpResponse, string]>([
    ['HTML', respond(200, '<html>', 'text/html'), 'it has status 200 and is not JSON'],
    ['no type', respond(200, '1', ''), 'it has status 200 and is not JSON'],
    ['a type that begins alike', respond(200, '1', 'application/jsonp'), 'it has status 200 and is not JSON'],
    ['204', respond(204, '', ''), 'it has status 204 and is not JSON'],
    ['a redirect', respond(302, '', ''), 'it has status 302 and is not JSON'],
    ['no UTF-8', respond(200, Buffer.from([0xff])), 'it is not valid UTF-8'],
    ['a redirect with JSON', respond(302, '{}'), 'it has status 302 and no error that netgen reads'],
    ['another 2xx', respond(201, '1'), 'it has status 201 and no error that netgen reads'],
    ['a status alone', respond(500, ''), 'it has status 500 and no error that netgen reads'],
    ['half an error', respond(500, '{"error":{"kind"'), 'it has status 500 and no error that netgen reads'],
    ['a foreign error', respond(404, '{"error":"not found"}'), 'it has status 404 and no error that netgen reads'],
    ['null', respond(500, 'null'), 'it has status 500 and no error that netgen reads'],
    ['a prototype', respond(500, '{"error":{"__proto__":{}}}'), 'it has status 500 and no error that netgen reads'],
  ])('that no peer gives is refused: %s', (_, response, problem) => {
    expect(() => read(response)).toThrow(
      expect.objectContaining({
        code: 'internal',
        maybeExecuted: true,
        message: `the answer of 127.0.0.1:3010 to notes.save is refused: ${problem}`,
      }),
    )
  })
})

describe('who is behind an address', () => {
  const trust = new Trust(Buffer.alloc(32, 1))
  const other = new Trust(Buffer.alloc(32, 2))
  const address = { host: '::1', port: 3010 }
  const challenge = 'c'.repeat(43)
  const seal = (value: unknown, by = trust): string => by.seal(JSON.stringify(value), challenge, 'abc')
  const sealed = seal({ group: 'notes', hub: true })
  const whole = { id: 'abc', sealed, proof: trust.prove(challenge, 'abc', address) }
  const read = (response: HttpResponse) => readIdentity(response, address, challenge, trust)

  test('is a frozen peer, once it has proved itself', () => {
    const peer = read(respond(200, JSON.stringify(whole)))
    expect(peer).toEqual({ id: 'abc', host: '::1', port: 3010, group: 'notes', hub: true })
    expect(Object.isFrozen(peer)).toBe(true)
  })

  test('is refused where it speaks only another version of the protocol', () => {
    const versions = { netgen: '2.0.0', protocol: [2] }
    expect(() => read(respond(200, JSON.stringify({ ...whole, versions })))).toThrow(
      expect.objectContaining({
        code: 'failed_precondition',
        maybeExecuted: false,
        message: expect.stringMatching(
          /^\[::1\]:3010 speaks version 2 of netgen's protocol \(netgen "2\.0\.0"\), this peer version 1 .*: update netgen here$/,
        ),
      }),
    )
    expect(read(respond(200, JSON.stringify({ ...whole, versions: { ...versions, protocol: [2, 1] } }))).id).toBe('abc')
  })

  test.each<[string, HttpResponse]>([
    ['nothing', respond(200, '')],
    ['junk', respond(200, Buffer.from([0xff, 0xfe]))],
    ['a list', respond(200, '[]')],
    ['null', respond(200, 'null')],
    ['another status', respond(404, JSON.stringify(whole))],
    ['a redirect', respond(302, JSON.stringify(whole))],
    ['no proof', respond(200, JSON.stringify({ ...whole, proof: undefined }))],
    ['a proof that is none', respond(200, JSON.stringify({ ...whole, proof: 1 }))],
    ["another peer's proof", respond(200, JSON.stringify({ ...whole, id: 'other' }))],
    ['an old proof', respond(200, JSON.stringify({ ...whole, proof: trust.prove('d'.repeat(43), 'abc', address) }))],
    ['nothing sealed', respond(200, JSON.stringify({ ...whole, sealed: undefined }))],
    ['no group', respond(200, JSON.stringify({ ...whole, sealed: seal({ hub: true }) }))],
    ['a hub that is none', respond(200, JSON.stringify({ ...whole, sealed: seal({ group: 'notes', hub: 'yes' }) }))],
    [
      'a group that another sealed',
      respond(200, JSON.stringify({ ...whole, sealed: seal({ group: 'x', hub: true }, other) })),
    ],
    ['a group for everybody to read', respond(200, JSON.stringify({ ...whole, sealed: '{"group":"x","hub":true}' }))],
    ['a group that was cut', respond(200, JSON.stringify({ ...whole, sealed: sealed.slice(0, 30) }))],
    ['a prototype', respond(200, JSON.stringify(whole).replace('{', '{"__proto__":{},'))],
    ['too many levels', respond(200, '['.repeat(1_000))],
  ])('stays unknown: %s', (_, response) => {
    expect(() => read(response)).toThrow(
      expect.objectContaining({
        code: 'unauthenticated',
        maybeExecuted: false,
        message:
          'what listens at [::1]:3010 is no peer of this user: start both as one user without a key, or give both the same key',
      }),
    )
  })
})
