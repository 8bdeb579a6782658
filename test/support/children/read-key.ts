// Says the first key of the key file of its first argument, made where there is none.
import { readKeyFile } from '../../../src/storage/key-file.ts'

process.stdout.write(readKeyFile(process.argv[2] ?? '')[0].toString('hex'))
