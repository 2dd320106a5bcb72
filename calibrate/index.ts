/** The public surface of calibration and validation: measurements and runs beside predictions. Pure, as the model is. */
export { validate, type Validated, type ValidateOptions } from "./validate.ts";
export { validateCatalogue, type ValidatedCatalogue } from "./validate-catalogue.ts";
export { validateLayerCatalogue } from "./validate-layers.ts";
export { layerProtocols } from "./fit/layers/fit-layers.ts";
export { readCatalogue } from "./readers/catalogue/read-catalogue.ts";
export { protocols as fitProtocols, type FitProtocol } from "./fit/transformer/protocols.ts";
