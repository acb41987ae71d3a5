import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type PeerFile, printPeerFile, readPeerFile } from '../../../../runtime/discovery/local/peer-file.js'
import { anyText } from '../../arbitrary-text.js'

const file: PeerFile = {
  peer: { id: 'abc', host: '127.0.0.1', port: 3010, group: 'notes', hub: false },
  startedAtMs: 5,
  scope: 'host net:[1]',
  process: { pid: 7, namespace: 'pid:[1]', begin: 'boot 5' },
}
const written = JSON.parse(printPeerFile(file)) as Record<string, unknown>

test('a file is one line of JSON, and is read as it was written', () => {
  expect(printPeerFile(file)).toBe(
    '{"format":1,"id":"abc","host":"127.0.0.1","port":3010,"group":"notes","hub":false,"startedAtMs":5,"scope":"host net:[1]","pid":7,"namespace":"pid:[1]","begin":"boot 5"}\n',
  )
  expect(readPeerFile(printPeerFile(file))).toEqual(file)
  expect(Object.isFrozen(readPeerFile(printPeerFile(file))?.peer)).toBe(true)
})

test('any peer comes back', () => {
  const peers = fc.record({
    id: fc.string(),
    host: fc.string(),
    port: fc.integer({ min: 1, max: 65_535 }),
    group: anyText,
    hub: fc.boolean(),
  })
  fc.assert(
    fc.property(
      peers,
      fc.nat(),
      fc.string(),
      fc.integer({ min: 1 }),
      fc.string(),
      fc.string(),
      (peer, startedAtMs, scope, pid, namespace, begin) => {
        const file = { peer, startedAtMs, scope, process: { pid, namespace, begin } }
        expect(readPeerFile(printPeerFile(file))).toEqual(file)
      },
    ),
  )
})

test.each<[string, string]>([
  ['nothing', ''],
  ['half a file', printPeerFile(file).slice(0, 40)],
  ['null', 'null'],
  ['a list', '[]'],
  ['another format', JSON.stringify({ ...written, format: 2 })],
  ['no format', JSON.stringify({ ...written, format: undefined })],
  ['an id that is no text', JSON.stringify({ ...written, id: 1 })],
  ['no host', JSON.stringify({ ...written, host: undefined })],
  ['a port that is no number', JSON.stringify({ ...written, port: '3010' })],
  ['half a port', JSON.stringify({ ...written, port: 0.5 })],
  ['port 0', JSON.stringify({ ...written, port: 0 })],
  ['a port beyond all ports', JSON.stringify({ ...written, port: 65_536 })],
  ['no group', JSON.stringify({ ...written, group: null })],
  ['a hub that is none', JSON.stringify({ ...written, hub: 1 })],
  ['no start', JSON.stringify({ ...written, startedAtMs: '5' })],
  ['no process', JSON.stringify({ ...written, pid: undefined })],
  ['a group of processes', JSON.stringify({ ...written, pid: -1 })],
  ['half a process', JSON.stringify({ ...written, pid: 1.5 })],
  ['no namespace', JSON.stringify({ ...written, namespace: undefined })],
  ['a begin that is no text', JSON.stringify({ ...written, begin: 5 })],
  ['no scope', JSON.stringify({ ...written, scope: undefined })],
])('%s is no file of a peer', (_, text) => {
  expect(readPeerFile(text)).toBeUndefined()
})

test('a file of an earlier version does not say when its process began', () => {
  const { begin: _, ...earlier } = written
  expect(readPeerFile(JSON.stringify(earlier))).toEqual({ ...file, process: { ...file.process, begin: '' } })
})

test('what a later version adds is passed over', () => {
  expect(readPeerFile(JSON.stringify({ ...written, colour: 'red' }))).toEqual(file)
})
