import { isIpv6 } from './is-ipv6.js'
import { isUri } from './is-uri.js'
import { isUrl } from './is-url.js'

/** A rule for texts of one format. */
export type FormatRule = (text: string) => boolean

/**
 * The formats of JSON Schema that no regular expression alone can tell, or none in linear time or soon enough. The others are written into the
 * generated checks.
 *
 * They say what ajv-formats says, except that `byte` looks at the whole text and not only at its best line, and that `url` takes hosts
 * of at most 256 units and `regex` expressions of at most 100,000.
 */
export const formats: Readonly<Record<string, FormatRule>> = Object.freeze({
  date: isDate,
  time: (text: string) => isTime(text, 'with zone'),
  'date-time': (text: string) => isDateTime(text, 'with zone'),
  'iso-time': (text: string) => isTime(text, 'with or without zone'),
  'iso-date-time': (text: string) => isDateTime(text, 'with or without zone'),
  ipv6: isIpv6,
  uri: isUri,
  url: isUrl,
  regex: isRegex,
  byte: isBase64,
})

type Zone = 'with zone' | 'with or without zone'

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/
const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** RFC 3339, 5.6: full-date. */
function isDate(text: string): boolean {
  const [, year, month, day] = (DATE.exec(text) ?? []).map(Number)
  if (year === undefined || month === undefined || day === undefined) return false
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const lastDay = month === 2 && isLeapYear ? 29 : (DAYS_OF_MONTH[month - 1] ?? 0)
  return day >= 1 && day <= lastDay
}

const TIME = /^(\d\d):(\d\d):(\d\d(?:\.\d+)?)(z|([+-])(\d\d)(?::?(\d\d))?)?$/i

/** RFC 3339, 5.6: full-time. ISO 8601 lets the zone be absent. */
function isTime(text: string, zone: Zone): boolean {
  const found = TIME.exec(text)
  if (!found) return false
  const [hour = 0, minute = 0, second = 0] = found.slice(1, 4).map(Number)
  const sign = found[5] === '-' ? -1 : 1
  const zoneHours = Number(found[6] ?? 0)
  const zoneMinutes = Number(found[7] ?? 0)
  if (zoneHours > 23 || zoneMinutes > 59 || (zone === 'with zone' && found[4] === undefined)) return false
  if (hour <= 23 && minute <= 59 && second < 60) return true
  // RFC 3339, 5.7: a leap second is the last of a day in UTC, whatever the time is in the zone.
  const utcMinute = minute - zoneMinutes * sign
  const utcHour = hour - zoneHours * sign - (utcMinute < 0 ? 1 : 0)
  return (utcHour === 23 || utcHour === -1) && (utcMinute === 59 || utcMinute === -1) && second < 61
}

/** RFC 3339, 5.6: date-time, where a space may stand for the T. */
function isDateTime(text: string, zone: Zone): boolean {
  // No more parts than tell that there are too many.
  const [date, time, ...others] = text.split(/t|\s/i, 3)
  return date !== undefined && time !== undefined && others.length === 0 && isDate(date) && isTime(time, zone)
}

/** More than anybody writes: reading a tenth of the longest message's length in groups within groups takes 10 ms. */
const MAX_REGEX_LENGTH = 100_000

/** JSON Schema 2020-12, 7.3.8: a regular expression of ECMA-262, which has no anchor \Z. Longer ones than 100,000 units are none. */
function isRegex(text: string): boolean {
  if (text.length > MAX_REGEX_LENGTH) return false
  if (/[^\\]\\Z/.test(text)) return false
  try {
    new RegExp(text)
    return true
  } catch {
    return false
  }
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** RFC 4648, 4: base64 with padding. */
function isBase64(text: string): boolean {
  return BASE64.test(text)
}
