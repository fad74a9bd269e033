// Reads pages as JSON lines {html} and answers each with a JSON line of findings: one Node for many pages.
import { createInterface } from 'node:readline'
import { readFileSync } from 'node:fs'
import { HtmlValidate, StaticConfigLoader } from 'html-validate'

const config = JSON.parse(readFileSync('.htmlvalidate.json', 'utf8'))
const checker = new HtmlValidate(new StaticConfigLoader(config))
for await (const line of createInterface({ input: process.stdin })) {
  const report = await checker.validateString(JSON.parse(line).html)
  const messages = report.results.flatMap((result) => result.messages)
  const findings = messages.map(({ ruleId, message, selector, line: at }) => ({ rule: ruleId, why: message, selector: selector || `line ${at}` }))
  process.stdout.write(`${JSON.stringify(findings)}\n`)
}
