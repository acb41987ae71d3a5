import { describeContracts } from './describe-contracts.js'
import { describeFloods } from './describe-floods.js'
import { describeScenarios } from './describe-scenarios.js'

// In one file, so that one follows the other: they measure times.
describeContracts()
describeScenarios()
describeFloods()
