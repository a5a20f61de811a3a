// Works out what a server asks with ALTCHA's own library, and prints the answer: node solve.mjs <address>
import { solveChallenge } from 'altcha-lib';

const { algorithm, challenge, maxnumber, salt, signature } = await (await fetch(process.argv[2])).json();
const { number } = await solveChallenge(challenge, salt, algorithm, maxnumber).promise;
console.log(btoa(JSON.stringify({ algorithm, challenge, number, salt, signature })));
