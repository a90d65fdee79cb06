"""Writes a GGUF file of a known geometry with random weights: generate.py OUT GEOMETRY QUANTIZATION

Geometries: smol (SmolLM-135M), qwen05 and qwen15 (Qwen2.5 0.5B and 1.5B), qwen3 (a small Qwen3). Quantizations: Q8_0, Q4_0, Q4_K,
Q4_K_M (attention values and half of what leads out of the feed-forward layers in Q6_K). Needs numpy and gguf from PyPI.
"""

import sys

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Type

GEOMETRIES = {
    "smol": dict(arch="llama", hidden=576, layers=30, heads=9, shared=3, head=64, inner=1536, vocabulary=49152,
                 base=10000.0, context=2048, epsilon=1e-5, tokenizer="smollm"),
    "qwen05": dict(arch="qwen2", hidden=896, layers=24, heads=14, shared=2, head=64, inner=4864, vocabulary=151936,
                   base=1e6, context=32768, epsilon=1e-6, tokenizer="qwen2"),
    "qwen15": dict(arch="qwen2", hidden=1536, layers=28, heads=12, shared=2, head=128, inner=8960, vocabulary=151936,
                   base=1e6, context=32768, epsilon=1e-6, tokenizer="qwen2"),
    "qwen3": dict(arch="qwen3", hidden=512, layers=6, heads=8, shared=4, head=128, inner=1536, vocabulary=8192,
                  base=1e6, context=4096, epsilon=1e-6, tokenizer="qwen2"),
}
random = np.random.default_rng(7)


def halves(rows, blocks, size):
    """Scales around `size`, as bytes."""
    scales = size * random.uniform(0.5, 1.5, (rows, blocks, 1))
    return scales.astype(np.float16).view(np.uint8).reshape(rows, blocks, 2)


def noise(rows, blocks, length, low=0, high=256):
    return random.integers(low, high, (rows, blocks, length), dtype=np.uint8)


def quantized(rows, columns, kind, deviation):
    """Random blocks whose numbers have about the given deviation."""
    if kind == Type.Q8_0:
        blocks = columns // 32
        # Nothing that quantizes writes -128.
        quants = random.integers(-127, 128, (rows, blocks, 32), dtype=np.int8).view(np.uint8)
        parts = [halves(rows, blocks, deviation / 73), quants]
    elif kind == Type.Q4_0:
        blocks = columns // 32
        parts = [halves(rows, blocks, deviation / 4.6), noise(rows, blocks, 16)]
    elif kind == Type.Q4_K:
        blocks = columns // 256
        # Eight scales and eight minima of six bits; the minimum takes off about the middle.
        scale = noise(rows, blocks, 8, 20, 45)
        minimum = scale
        six = np.concatenate([
            (scale[..., :4] & 63) | (scale[..., 4:] >> 4) << 6,
            (minimum[..., :4] & 63) | (minimum[..., 4:] >> 4) << 6,
            (scale[..., 4:] & 15) | (minimum[..., 4:] & 15) << 4,
        ], axis=2)
        size = deviation / (32 * 4.6)
        both = np.full((rows, blocks, 2), size) * random.uniform(0.5, 1.5, (rows, blocks, 1)) * [1, 7.5]
        parts = [both.astype(np.float16).view(np.uint8).reshape(rows, blocks, 4), six, noise(rows, blocks, 128)]
    elif kind == Type.Q6_K:
        blocks = columns // 256
        scale = random.integers(-64, 64, (rows, blocks, 16), dtype=np.int8).view(np.uint8)
        parts = [noise(rows, blocks, 192), scale, halves(rows, blocks, deviation / (37 * 18.5))]
    else:
        raise ValueError(kind)
    whole = np.concatenate(parts, axis=2)
    return whole.reshape(rows, -1)


def alphabet():
    """GPT-2's letters for bytes."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    return [chr(byte) if byte in plain else chr(256 + others.index(byte)) for byte in range(256)]


def vocabulary(length):
    """Tokens and merges: bytes, then pairs of them, then triples."""
    letters = alphabet()
    tokens, merges = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *letters], []
    pairs = ((a, b) for a in letters for b in letters)
    triples = ((a + b, c) for a in letters for b in letters for c in letters)
    for source in (pairs, triples):
        for left, right in source:
            if len(tokens) == length:
                return tokens, merges
            tokens.append(left + right)
            merges.append(f"{left} {right}")
    return tokens, merges


def main(out, geometry, quantization):
    g = GEOMETRIES[geometry]
    mixed = quantization == "Q4_K_M"
    kind = Type.Q4_K if mixed else Type[quantization]
    embedding = {Type.Q4_K: Type.Q6_K, Type.Q4_0: Type.Q8_0}.get(kind, kind)
    writer = gguf.GGUFWriter(out, g["arch"])
    writer.add_name(f"random {geometry}")
    writer.add_context_length(g["context"])
    writer.add_embedding_length(g["hidden"])
    writer.add_block_count(g["layers"])
    writer.add_feed_forward_length(g["inner"])
    writer.add_head_count(g["heads"])
    writer.add_head_count_kv(g["shared"])
    writer.add_rope_freq_base(g["base"])
    writer.add_layer_norm_rms_eps(g["epsilon"])
    if g["arch"] == "qwen3":
        writer.add_key_length(g["head"])
        writer.add_value_length(g["head"])
    else:
        writer.add_rope_dimension_count(g["head"])
    tokens, merges = vocabulary(g["vocabulary"])
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(g["tokenizer"])
    writer.add_token_list(tokens)
    writer.add_token_types([3] * 3 + [1] * (len(tokens) - 3))
    writer.add_token_merges(merges)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(False)

    def matrix(name, rows, columns, kind):
        if columns % 256 and kind in (Type.Q4_K, Type.Q6_K):
            kind = Type.Q8_0
        # Deeper layers must not drown the shallow ones: what goes in keeps about its size.
        writer.add_tensor(name + ".weight", quantized(rows, columns, kind, 0.8 * columns**-0.5), raw_dtype=kind)

    def vector(name, length, middle, spread):
        writer.add_tensor(name, (middle + spread * random.standard_normal(length)).astype(np.float32))

    hidden, inner = g["hidden"], g["inner"]
    queries, keys = g["heads"] * g["head"], g["shared"] * g["head"]
    matrix("token_embd", g["vocabulary"], hidden, embedding)
    for layer in range(g["layers"]):
        name = f"blk.{layer}."
        better = Type.Q6_K if mixed and layer % 2 else kind
        vector(name + "attn_norm.weight", hidden, 1, 0.2)
        vector(name + "ffn_norm.weight", hidden, 1, 0.2)
        matrix(name + "attn_q", queries, hidden, kind)
        matrix(name + "attn_k", keys, hidden, kind)
        matrix(name + "attn_v", keys, hidden, better)
        matrix(name + "attn_output", hidden, queries, kind)
        if g["arch"] == "qwen2":
            for part, length in (("q", queries), ("k", keys), ("v", keys)):
                vector(f"{name}attn_{part}.bias", length, 0, 0.5)
        if g["arch"] == "qwen3":
            vector(name + "attn_q_norm.weight", g["head"], 1, 0.2)
            vector(name + "attn_k_norm.weight", g["head"], 1, 0.2)
        matrix(name + "ffn_gate", inner, hidden, kind)
        matrix(name + "ffn_up", inner, hidden, kind)
        matrix(name + "ffn_down", hidden, inner, better)
    vector("output_norm.weight", hidden, 1, 0.2)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


main(*sys.argv[1:])
