import { answerTask } from './answer-task.js'

await answerTask(process.argv[2])
