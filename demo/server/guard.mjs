// Runs a server for as long as whoever started it lives: when our standard input ends, for whatever reason, the server ends too.
import { spawn } from 'node:child_process';

const { command, args, options } = JSON.parse(process.argv[2]);
const child = spawn(command, args, { ...options, stdio: ['ignore', 'inherit', 'inherit'] });

let ending = false;
function end() {
  if (ending) return;
  ending = true;
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), 5000).unref();
}

child.on('error', (error) => {
  console.error(`${command} could not be started: ${error.message}`);
  process.exit(127);
});
child.on('exit', (code) => process.exit(code ?? 1));
process.stdin.on('end', end).on('close', end).on('error', end).resume();
process.on('SIGTERM', end).on('SIGINT', end);
