// RFC 3986, appendix A, rule by rule.
const ESCAPED = '%[0-9a-f]{2}'
const PATH_UNIT = `(?:[a-z0-9\\-._~!$&'()*+,;=:@]|${ESCAPED})`
const QUERY_UNIT = `(?:[a-z0-9\\-._~!$&'()*+,;=:@/?]|${ESCAPED})`
const USER = `(?:(?:[a-z0-9\\-._~!$&'()*+,;=:]|${ESCAPED})*@)?`
const HEX = '[0-9a-f]{1,4}'
const BYTE = '(?:25[0-5]|2[0-4]\\d|[01]?\\d\\d?)'
const LAST_32_BITS = `(?:${HEX}:${HEX}|(?:${BYTE}\\.){3}${BYTE})`
const IPV6 = [
  `(?:${HEX}:){6}${LAST_32_BITS}`,
  `::(?:${HEX}:){5}${LAST_32_BITS}`,
  `(?:${HEX})?::(?:${HEX}:){4}${LAST_32_BITS}`,
  `(?:(?:${HEX}:){0,1}${HEX})?::(?:${HEX}:){3}${LAST_32_BITS}`,
  `(?:(?:${HEX}:){0,2}${HEX})?::(?:${HEX}:){2}${LAST_32_BITS}`,
  `(?:(?:${HEX}:){0,3}${HEX})?::${HEX}:${LAST_32_BITS}`,
  `(?:(?:${HEX}:){0,4}${HEX})?::${LAST_32_BITS}`,
  `(?:(?:${HEX}:){0,5}${HEX})?::${HEX}`,
  `(?:(?:${HEX}:){0,6}${HEX})?::`,
].join('|')
const IP_FUTURE = "v[0-9a-f]+\\.[a-z0-9\\-._~!$&'()*+,;=:]+"
// IPv4 addresses are registered names too, as far as the grammar goes.
const HOST = `(?:\\[(?:${IPV6}|${IP_FUTURE})\\]|(?:[a-z0-9\\-._~!$&'()*+,;=]|${ESCAPED})*)`
const AUTHORITY = `${USER}${HOST}(?::\\d*)?`
const PATH = `${PATH_UNIT}+(?:/${PATH_UNIT}*)*`
const HIERARCHY = `(?:/?/${AUTHORITY}(?:/${PATH_UNIT}*)*|/(?:${PATH})?|${PATH})`
const URI = new RegExp(`^[a-z][a-z0-9+\\-.]*:${HIERARCHY}(?:\\?${QUERY_UNIT}*)?(?:#${QUERY_UNIT}*)?$`, 'i')

/** Whether a text is a URI with a scheme (RFC 3986). */
export function isUri(text: string): boolean {
  return URI.test(text)
}
