const COLON = 0x3a
const DOT = 0x2e

const MAX_GROUPS = 8
const MAX_GROUP_DIGITS = 4

/** An IPv4 address at the end stands for two groups. */
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/

/**
 * Whether a text is an IPv6 address (RFC 4291, 2.2), without a zone. It says what the expression of ajv-formats says, which tries nine
 * forms one after the other: as many `::` as a message can hold take it over 30 ms.
 */
export function isIpv6(text: string): boolean {
  let groups = 0
  let digits = 0
  let isShortened = false
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === COLON) {
      if (text.charCodeAt(at + 1) === COLON) {
        if (isShortened) return false
        isShortened = true
        at++
      } else if (digits === 0 || at === text.length - 1) return false
      if (digits > 0) groups++
      digits = 0
    } else if (unit === DOT) {
      return isWhole(groups + 2, isShortened) && IPV4.test(text.slice(at - digits))
    } else if (!isHexadecimal(unit) || ++digits > MAX_GROUP_DIGITS || groups === MAX_GROUPS) return false
  }
  return isWhole(digits > 0 ? groups + 1 : groups, isShortened)
}

/** What is shortened is one group at least. */
function isWhole(groups: number, isShortened: boolean): boolean {
  return isShortened ? groups < MAX_GROUPS : groups === MAX_GROUPS
}

function isHexadecimal(unit: number): boolean {
  // Letters differ from capitals by this bit.
  const letter = unit | 0x20
  return (unit >= 0x30 && unit <= 0x39) || (letter >= 0x61 && letter <= 0x66)
}
