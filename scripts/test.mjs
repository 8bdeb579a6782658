// Runs every test there is: TypeScript on SQLite, the same storage tests on PostgreSQL, the console of the sandbox in Chromium, the PHP module.
// On Debian as root it installs what they need; elsewhere it says what is missing and fails. Ends with "N passed, N failed".
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const say = (text) => process.stdout.write(`${text}\n`)
const runs = (command, args, options = {}) => spawnSync(command, args, { stdio: 'inherit', ...options })
const has = (command) => spawnSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' }).status === 0

/** Where Debian keeps the server's own programs, newest version first. */
function postgresBin() {
  const root = '/usr/lib/postgresql'
  if (!existsSync(root)) return undefined
  const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a))
  return versions.map((version) => join(root, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')))
}

const needs = [
  { what: 'PostgreSQL', there: () => process.env.AMOBRIDGE_TEST_POSTGRES || postgresBin(), packages: ['postgresql'] },
  { what: 'Chromium', there: () => has('chromium') || process.env.AMOBRIDGE_TEST_CHROMIUM, packages: ['chromium', 'fonts-dejavu-core'] },
  {
    what: 'PHP',
    there: () => has('php') && has('phpunit'),
    packages: ['php-cli', 'php-sqlite3', 'php-mysql', 'php-curl', 'php-xml', 'php-mbstring', 'phpunit'],
  },
]

function ensureNeeds() {
  const missing = needs.filter(({ there }) => !there())
  if (missing.length === 0) return
  const packages = missing.flatMap((need) => need.packages)
  const names = missing.map(({ what }) => what).join(', ')
  if (process.getuid?.() !== 0 || !has('apt-get')) {
    say(`The tests need ${names}. On Debian: sudo apt-get install ${packages.join(' ')}`)
    process.exit(1)
  }
  say(`installing for the tests: ${packages.join(' ')}`)
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  const installed =
    runs('apt-get', ['update', '-qq'], quiet).status === 0 &&
    runs('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], quiet).status === 0
  if (!installed || missing.some(({ there }) => !there())) {
    say(`could not install ${names}; install them yourself: apt-get install ${packages.join(' ')}`)
    process.exit(1)
  }
}

/** Runs `work` with the address of a PostgreSQL of its own in a temporary folder; it listens on a socket there only. */
function withPostgres(work) {
  if (process.env.AMOBRIDGE_TEST_POSTGRES) return work(process.env.AMOBRIDGE_TEST_POSTGRES)
  const bin = postgresBin()
  const home = mkdtempSync(join(tmpdir(), 'amobridge-pg-'))
  const root = process.getuid?.() === 0
  // PostgreSQL refuses to run as root.
  const as = (command) => (root ? ['su', ['postgres', '-s', '/bin/sh', '-c', command]] : ['sh', ['-c', command]])
  if (root) runs('chown', ['postgres', home])
  const step = (command) => spawnSync(...as(command), { encoding: 'utf8' })
  const made = step(
    `${bin}/initdb -D ${home}/data -U postgres -A trust -E UTF8 --no-sync && ${bin}/pg_ctl -D ${home}/data -w -l ${home}/log -o "-c listen_addresses='' -k ${home} -c max_connections=200" start`,
  )
  if (made.status !== 0) {
    say(`PostgreSQL did not start:\n${made.stdout}${made.stderr}`)
    process.exit(1)
  }
  try {
    return work(`postgres://postgres@localhost/postgres?host=${encodeURIComponent(home)}`)
  } finally {
    step(`${bin}/pg_ctl -D ${home}/data -m immediate stop`)
    rmSync(home, { recursive: true, force: true })
  }
}

const totals = { passed: 0, failed: 0 }
const count = (name, passed, failed) => {
  totals.passed += passed
  totals.failed += failed
  say(`${name}: ${passed} passed, ${failed} failed`)
}

function vitest(name, files, env = {}) {
  const report = join(mkdtempSync(join(tmpdir(), 'amobridge-test-')), 'report.json')
  const { status } = runs(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`, ...files],
    { env: { ...process.env, ...env } },
  )
  const { numPassedTests = 0, numFailedTests = 0 } = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {}
  // A file that cannot even be loaded counts as a failure.
  count(name, numPassedTests, numFailedTests || (status === 0 ? 0 : 1))
}

function php() {
  const { stdout = '', status } = spawnSync('bash', ['bitrix-module/tests/run.sh'], { encoding: 'utf8' })
  process.stdout.write(stdout)
  const tests = Number(/(?:OK \(|Tests: )(\d+)/.exec(stdout)?.[1] ?? 0)
  const bad = [.../(?:Failures|Errors): (\d+)/g[Symbol.matchAll](stdout)].reduce((sum, [, number]) => sum + Number(number), 0)
  count('PHP module', Math.max(0, tests - bad), bad || (status === 0 ? 0 : 1))
}

const only = process.argv.slice(2)
ensureNeeds()
if (only.length > 0) vitest('chosen tests', only)
else {
  vitest('TypeScript', [])
  withPostgres((url) => vitest('the same on PostgreSQL', ['test/', 'src/storage'], { AMOBRIDGE_TEST_POSTGRES: url }))
  if (existsSync('bitrix-module/tests/run.sh')) php()
}
say(`${totals.passed} passed, ${totals.failed} failed`)
process.exit(totals.failed === 0 ? 0 : 1)
