export { type CardComparison, type CardDifference, type ComparedCard, compareCards } from "./compare.js"
export { type CardContents, type CardItem, cardContents, type RecordList, recordItems } from "./contents.js"
