export { seedTown, type Town, type TownOptions } from "./town.js"
