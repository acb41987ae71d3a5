import { execFile } from 'node:child_process'

/** What a command printed, and how it ended. */
export interface CommandResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command to its end. Rejects only where it cannot be started or takes longer than two minutes. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string> },
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NO_COLOR: '1', ...options.env }
    execFile(command, args, { cwd: options.cwd, env, timeout: 120_000 }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(error)
      else resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })
}

/** Runs a command that has to succeed, and answers with what it printed. */
export async function runWell(
  command: string,
  args: readonly string[],
  options: Parameters<typeof runCommand>[2],
): Promise<string> {
  const { code, stdout, stderr } = await runCommand(command, args, options)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}\n${stdout}\n${stderr}`)
  return stdout
}
