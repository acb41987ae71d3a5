/** Addresses, ids and lines differ between runs and changes of this file; what is the test runner's is of no interest. */
export function normaliseTraceback(text: string): string {
  return (
    text
      .replace(/^.*(?:node_modules|behaviour\/harness\.ts).*\n?/gm, '')
      .replace(/default@[^\s,]+:\d+/g, 'default@ADDRESS')
      .replace(/(?<=under )[\w-]{36}/g, 'ERROR-ID')
      .replace(/(\bat .*?)\(?(?:\/\S*\/)?(test\/runtime\/[\w/-]+\.ts):\d+:\d+\)?/g, '$1$2')
      // Of many calls at once, some have the line that awaits in place of the one that calls.
      .replace(/\bat async (?=(?:call )?test\/runtime\/behaviour\/describe-throws\.ts)/g, 'at ')
      .replace(/^ +>? *\d* \|.*\n/gm, '')
      .replace(/(.)\1{99,}/g, '$1…$1')
      .replace(/\p{Surrogate}/gu, '\\ud800')
      .replace(/(?<=streams\.|Throwing\.)count/g, 'keep')
      .replaceAll('streams.', 'schema.')
      .trimEnd()
  )
}
