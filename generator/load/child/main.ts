import { answerTask } from './answer-task.js'

await answerTask(process.argv[2], process.argv[3] === 'warm')
