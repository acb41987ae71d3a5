import { expect, test } from 'vitest'
import { GracePeriod } from '../../../runtime/peer/grace-period.js'

test('a period that is over takes no timer', () => {
  const count = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = count()
  const period = new GracePeriod()
  period.limit(60_000)
  period.end()
  period.limit(10_000)
  expect(count()).toBe(before)
})
