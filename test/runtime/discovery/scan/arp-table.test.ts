import { expect, test } from 'vitest'
import { parseArpList, parseProcArp } from '../../../../runtime/discovery/scan/arp-table.js'

test('the ARP table of Linux names who answered, once', () => {
  const text = `IP address       HW type     Flags       HW address            Mask     Device
192.168.1.1      0x1         0x2         52:54:00:12:35:02     *        eth0
192.168.1.9      0x1         0x0         00:00:00:00:00:00     *        eth0
192.168.1.1      0x1         0x2         52:54:00:12:35:02     *        eth1
10.0.0.255       0x1         0x6         ff:ff:ff:ff:ff:ff     *        eth0
junk
`
  expect(parseProcArp(text)).toEqual(['192.168.1.1'])
})

test.each<[string, string, string[]]>([
  [
    'macOS',
    `router (192.168.1.1) at 52:54:0:12:35:2 on en0 ifscope [ethernet]
? (192.168.1.9) at (incomplete) on en0 ifscope [ethernet]
? (224.0.0.251) at 1:0:5e:0:0:fb on en0 ifscope permanent [ethernet]
`,
    ['192.168.1.1'],
  ],
  [
    'Windows',
    `
Interface: 192.168.1.5 --- 0x4
  Internet Address      Physical Address      Type
  192.168.1.1           52-54-00-12-35-02     dynamic
  192.168.1.255         ff-ff-ff-ff-ff-ff     static
`,
    ['192.168.1.1'],
  ],
  ['Linux', 'gateway (10.0.0.1) at 52:54:00:12:35:02 [ether] on eth0\n', ['10.0.0.1']],
])('arp -a of %s is read', (_, text, want) => {
  expect(parseArpList(text)).toEqual(want)
})
