/** The public surface of calibration and validation: measurements and runs beside predictions. Pure, as the model is. */
export { validate, type Validated, type ValidateOptions } from "./validate.ts";
