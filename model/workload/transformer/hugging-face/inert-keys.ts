/** Keys of a config.json that change neither sizes nor work nor memory of a training step: tokens, generation, losses, constants of norms, rotation and initial values. */
const inert: readonly RegExp[] = [
  /_token_id$|_token_ids$|^(eos|bos|pad|sep)_?token|^decoder_start|^forced_/,
  /dropout|^.*pdrop$|_prob$|^drop/,
  /_eps(ilon)?$|^eps$/,
  /^rope|^rotary|^partial_rotary|^yarn|^original_max_position|^default_theta|^attn_temperature|^attn_scale|^floor_scale/,
  /initializer|^init_|^initial/,
  /^(architectures|model_type|torch_dtype|dtype|transformers_version|auto_map|_name_or_path|name_or_path|_attn_implementation|attn_implementation|model_max_length)$/,
  /^(use_cache|output_|return_dict|is_decoder|is_encoder_decoder|add_cross_attention|chunk_size|cache_implementation|gradient_checkpointing|tokenizer_class|problem_type|finetuning_task)/,
  /^(hidden_act|hidden_activation|activation_function|activation|dense_act_fn|mlp_hidden_act|mamba_hidden_act|ssm_cfg|swiglu_limit|act_fn)$/,
  /^(id2label|label2id|num_labels|task_specific_params|summary_|n_ctx|encoder_stride)/,
  /router_aux_loss|aux_loss|z_loss|^norm_topk|^scoring_func|^routed_scaling|^n_group$|^topk_group$|^topk_method$|^router_jitter|^seq_aux|^ep_size|^moe_router|^num_expert_group|^input_jitter/,
  /softcapping|^query_pre_attn_scalar|_multiplier$|^logits_scaling|^logit_scale|^scale_attn|^reorder_and_upcast|^attention_softmax|^apply_query_key_layer_scaling|^slow_but_exact|^masked_softmax/,
  /^(pretraining_tp|max_window_layers|use_mamba_kernels|residual_in_fp32|rescale_prenorm|time_step|mamba_ssm_cache|num_logits_to_keep|rms_norm|norm_type|attn_pdrop|emb_pdrop|resid_pdrop)/,
  /^(attn_impl|softmax_scale|prefix_lm|clip_qkv|attn_uses_sequence_id|alibi_bias_max)$/,
  /^(pad_vocab_size_multiple|prefix|vocab_file|bad_words_ids|do_sample|temperature|top_p|top_k|length_penalty|no_repeat_ngram|early_stopping|num_beams|diversity|repetition_penalty|remove_invalid|typical_p|use_bfloat16|torchscript|pruned_heads|feature_extraction|suppress_tokens|begin_suppress|exponential_decay|encoder_no_repeat|min_length|max_length|tf_legacy_loss|use_flash|flash_attn|experts_implementation|verbose|use_return_dict|position_embedding_type|classifier_|seed)/,
];

export const isInert = (key: string): boolean => inert.some((pattern) => pattern.test(key));
