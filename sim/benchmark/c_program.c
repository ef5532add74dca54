/* The benchmark's yardstick: the day of docs/model.md, written for speed in C.
 *
 * A block is sixteen runs side by side, the run innermost, worked through W at a time in vector
 * registers. It does what the ensemble engine does: message by message, with the same named draws
 * bit for bit. It is free where the engine is not: sums may be taken in another order, products
 * regrouped, divisions shared and multiplied and added in one, so its numbers are equal but for
 * rounding. It knows one rule (friedkin_johnsen), the policies none, scripted and threshold, and
 * logit answers. Equation numbers are those of docs/model.md.
 *
 * Compiled with the FLAGS of c_program.py; needs gcc or clang (vector extensions).
 */
#include <math.h>
#ifdef __AVX512F__
#include <immintrin.h>
#endif
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

#define L 16 /* runs in a block */
#ifdef __AVX512F__
#define W 8
#else
#define W 4
#endif
#define H (L / W) /* vectors in a block */

typedef double vec __attribute__((vector_size(8 * W), may_alias));
typedef int64_t ivec __attribute__((vector_size(8 * W), may_alias));
typedef uint64_t uvec __attribute__((vector_size(8 * W), may_alias));
typedef struct { vec h[H]; } lane; /* one number of each run of the block */

/* for each vector of a block: written out twice by the compiler, so that one fills the other's waits */
#define EACH _Pragma("GCC unroll 4") for (int h = 0; h < H; h++)
#define INLINE static inline __attribute__((always_inline))

enum { PROMOTE, ATTACK, DENY };
enum { NONE, SCRIPTED, THRESHOLD };

/* Rows of Lanes.values: the fields of sim.parameters.Coefficients. */
enum {
    PEER_PULL, MESSAGE_WEIGHT, DRAW, DECISIVENESS, ATTACK_POTENCY, BACKLASH, NOISE,
    SALIENCE_RETENTION, PRIMING, RESONANCE, CREDIBILITY_PRIOR, CREDIBILITY_EXPONENT,
    DENIAL_EFFICACY, BROADCAST_REACH, CREDENCE_DRAW, DENIAL_PRIMING, REPLY, TEAM_EFFORT,
    CREDENCE_RATE, BASE_INCIDENT_RATE, BRANCHING_RATIO, INCIDENT_TENSION, TENSION_RETENTION,
    ESCALATION_WORRY, OFFER_THRESHOLD, OFFER_COOLDOWN, CALMING, PARITY, PARITY_SPILLOVER,
    OFFER_PARITY, IMPARTIALITY, GOODWILL, TENSION_WEIGHT, PARITY_WEIGHT, CHOICE_PRECISION,
    MEDIATION_LENGTH, CROWDING, NEWS_RETENTION, LIMITED_ATTENTION, OPEN_CREDENCE, COEFFICIENTS
};

/* The Plan of sim.engines.ensemble.plan; the same order as the struct in c_program.py. */
struct plan {
    int64_t days, audiences, issues, claims, narratives, teams;
    int64_t parity_claim, mediator, escalation, policy;
    double initial_tension, incident_pro, incident_con;
    const double *effort;
    const int64_t *campaign_start;
    const double *importance, *capitals;
    const int64_t *peer_start, *peer_of;
    const double *peer_weight;
    const int64_t *sender, *kind, *issue, *claim;
    const double *share, *planned_reply, *evidence;
    const uint8_t *spoken, *reaches;
    const int64_t *accused, *claim_issue, *reply_narrative;
    const int64_t *team_start, *team_at, *owner;
    const double *bonus;
    const int64_t *event_start, *event;
    const double *event_tension, *event_salience, *event_pro, *event_con;
    const int64_t *event_claim;
    const double *event_asserts;
    const int64_t *verified_claim;
    const double *finding, *finding_weight, *incident_salience;
    const uint8_t *offer_days;
    const uint64_t *noise_counter, *incident_counter, *accept_counter;
};

/* The numbers of each run, [..., run]; with one run they serve all. */
struct numbers {
    int64_t runs;
    const double *values, *audience_cost, *anchor_pull, *resting, *trust, *judgements, *credence,
        *start;
};

/* What is added up over the runs. Sympathy is taken from an origin, so that no digits are lost. */
struct sums {
    const double *origin; /* [a, k] */
    double *sympathy;    /* [t, a, k] sum */
    double *squares;     /* [t, a, k] sum of squares */
    double *tension;     /* [t] sum */
    int64_t *diplomacy;  /* offers, acceptances of each claimant */
    int64_t finals;      /* runs whose last day is kept */
    double *final;       /* [run, a, k] */
};

#define HUGE_PAGE ((size_t)1 << 21)
#define TINY 1e-100 /* below it an exposure is none: products of two stay above underflow */

/* ---- numbers ---- */

INLINE vec same(double x)
{
    return x - (vec){0};
}
/* yes where x > y, else no */
INLINE vec above(vec x, vec y, vec yes, vec no)
{
#ifdef __AVX512F__
    return (vec)_mm512_mask_blend_pd(_mm512_cmp_pd_mask((__m512d)x, (__m512d)y, _CMP_GT_OQ),
                                     (__m512d)no, (__m512d)yes);
#else
    ivec mask = x > y;
    return (vec)((mask & (ivec)yes) | (~mask & (ivec)no));
#endif
}
INLINE vec at_least(vec x, vec low)
{
#ifdef __AVX512F__
    return (vec)_mm512_max_pd((__m512d)x, (__m512d)low);
#else
    return above(x, low, x, low);
#endif
}
INLINE vec at_most(vec x, vec high)
{
#ifdef __AVX512F__
    return (vec)_mm512_min_pd((__m512d)x, (__m512d)high);
#else
    return above(high, x, x, high);
#endif
}

/* Logarithm of normal x > 0. Method: fdlibm's e_log.c. */
INLINE vec logarithm(vec x)
{
    ivec u = (ivec)x + (0x3ff0000000000000 - 0x3fe6a09e667f3bcc);
    vec k = __builtin_convertvector((u >> 52) - 1023, vec);
    vec f = (vec)((u & 0x000fffffffffffff) + 0x3fe6a09e667f3bcc) - 1.0;
    vec s = f / (2.0 + f), z = s * s, w = z * z;
    vec even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01
        + w * 1.531383769920937332e-01));
    vec odd = z * (6.666666666666735130e-01 + w * (2.857142874366239149e-01
        + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
    vec half = 0.5 * f * f;
    return k * 6.93147180369123816490e-01
        - ((half - (s * (half + even + odd) + k * 1.90821492927058770002e-10)) - f);
}

/* Exponential of -700 <= x <= 700. Method: fdlibm's reduction, Taylor's series to x^13. */
INLINE vec exponential(vec x)
{
    const double shift = 0x1.8p52;
    vec n = x * 1.44269504088896338700e+00 + shift;
    ivec k = (ivec)n << 52;
    n = n - shift;
    vec r = (x - n * 6.93147180369123816490e-01) - n * 1.90821492927058770002e-10;
    vec r2 = r * r, r4 = r2 * r2, r8 = r4 * r4;
    vec a = 1.0 + r + r2 * (0.5 + r * (1.0 / 6));
    vec b = 1.0 / 24 + r * (1.0 / 120) + r2 * (1.0 / 720 + r * (1.0 / 5040));
    vec c = 1.0 / 40320 + r * (1.0 / 362880) + r2 * (1.0 / 3628800 + r * (1.0 / 39916800));
    vec d = 1.0 / 479001600 + r * (1.0 / 6227020800.0);
    vec y = a + r4 * b + r8 * (c + r4 * d);
    return (vec)((ivec)y + k);
}

/* base ** exponent for base >= 0, also 0 ** 0 = 1. */
INLINE vec power(vec base, vec exponent)
{
    vec y = exponent * logarithm(at_least(base, same(1e-300)));
    y = exponential(at_most(at_least(y, same(-700.0)), same(700.0)));
    return above(base, same(0.0), y, above(exponent, same(0.0), same(0.0), same(1.0)));
}

/* ---- draws ---- */

#define PHILOX_0 0xD2E7470EE14C6C93ull
#define PHILOX_1 0xCA5A826395121157ull
#define WEYL_0 0x9E3779B97F4A7C15ull
#define WEYL_1 0xBB67AE8584CAA73Bull

/* Words 4 * block .. of one run's stream. Source: Salmon et al. 2011. */
INLINE void words(uint64_t out[4], uint64_t seed, uint64_t replicate, uint64_t block,
                  uint64_t low, uint64_t high)
{
    uint64_t c0 = block + 1, c1 = 0, c2 = low, c3 = high, k0 = seed, k1 = replicate;
#pragma GCC unroll 10
    for (int i = 0; i < 10; i++) {
        unsigned __int128 p = (unsigned __int128)PHILOX_0 * c0;
        unsigned __int128 q = (unsigned __int128)PHILOX_1 * c2;
        uint64_t n0 = (uint64_t)(q >> 64) ^ c1 ^ k0, n2 = (uint64_t)(p >> 64) ^ c3 ^ k1;
        c1 = (uint64_t)q;
        c3 = (uint64_t)p;
        c0 = n0;
        c2 = n2;
        k0 += WEYL_0;
        k1 += WEYL_1;
    }
    out[0] = c0, out[1] = c1, out[2] = c2, out[3] = c3;
}
INLINE double uniform(uint64_t word)
{
    return ((double)(int64_t)(word >> 11) + 0.5) * 0x1p-53;
}
INLINE uvec high(uint64_t x, uvec y) /* upper half of the product */
{
    uint64_t x0 = (uint32_t)x, x1 = x >> 32;
    uvec y0 = y & 0xffffffff, y1 = y >> 32, one = x1 * y0 + (x0 * y0 >> 32);
    uvec other = x0 * y1 + (one & 0xffffffff);
    return x1 * y1 + (one >> 32) + (other >> 32);
}
static void uniforms(double (*out)[L], uint64_t seed, const uint64_t *replicates, int64_t block,
                     const uint64_t *counter)
{
    /* the first round and half of the second are the same in all runs */
    uint64_t k0 = seed, even = block + 1, low = counter[0], high_word = counter[1];
    unsigned __int128 first = (unsigned __int128)PHILOX_0 * even;
    unsigned __int128 other = (unsigned __int128)PHILOX_1 * low;
    uint64_t c0 = (uint64_t)(other >> 64) ^ k0, c1 = (uint64_t)other, c3 = (uint64_t)first;
    uint64_t c2 = (uint64_t)(first >> 64) ^ high_word;
    unsigned __int128 next = (unsigned __int128)PHILOX_0 * c0;
    k0 += WEYL_0;
    for (int h = 0; h < H; h++) {
        uvec k1 = *(const uvec *)(replicates + h * W), v2 = c2 ^ k1;
        uvec q = v2 * PHILOX_1, v0 = high(PHILOX_1, v2) ^ (c1 ^ k0), v1 = q;
        k1 += WEYL_1;
        v2 = (uint64_t)(next >> 64) ^ c3 ^ k1;
        uvec v3 = (uint64_t)next - (uvec){0};
        uint64_t key = k0;
#pragma GCC unroll 8
        for (int i = 0; i < 8; i++) {
            key += WEYL_0;
            k1 += WEYL_1;
            uvec n0 = high(PHILOX_1, v2) ^ v1 ^ key, n2 = high(PHILOX_0, v0) ^ v3 ^ k1;
            v1 = v2 * PHILOX_1;
            v3 = v0 * PHILOX_0;
            v0 = n0;
            v2 = n2;
        }
        uvec w[4] = {v0, v1, v2, v3};
        for (int i = 0; i < 4; i++)
            *(vec *)(out[i] + h * W)
                = (__builtin_convertvector((ivec)(w[i] >> 11), vec) + 0.5) * 0x1p-53;
    }
}

/* Inverse normal, algorithm AS 241 (Wichura 1988). */
INLINE vec centre(vec q)
{
    vec r = 0.180625 - q * q;
    vec top = ((((((2509.0809287301226727 * r + 33430.575583588128105) * r
        + 67265.770927008700853) * r + 45921.953931549871457) * r + 13731.693765509461125) * r
        + 1971.5909503065514427) * r + 133.14166789178437745) * r + 3.387132872796366608;
    vec bottom = ((((((5226.495278852545925 * r + 28729.085735721942674) * r
        + 39307.89580009271061) * r + 21213.794301586595867) * r + 5394.1960214247511077) * r
        + 687.1870074920579083) * r + 42.313330701600911252) * r + 1.0;
    return q * top / bottom;
}
INLINE vec middle(vec r)
{
    vec top = ((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r
        + 0.24178072517745061177) * r + 1.27045825245236838258) * r + 3.64784832476320460504) * r
        + 5.7694972214606914055) * r + 4.6303378461565452959) * r + 1.42343711074968357734;
    vec bottom = ((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r
        + 0.0151986665636164571966) * r + 0.14810397642748007459) * r
        + 0.68976733498510000455) * r + 1.6763848301838038494) * r + 2.05319162663775882187) * r
        + 1.0;
    return top / bottom;
}
INLINE double far(double r)
{
    double top = ((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r
        + 0.0012426609473880784386) * r + 0.026532189526576123093) * r
        + 0.29656057182850489123) * r + 1.7848265399172913358) * r + 5.4637849111641143699) * r
        + 6.6579046435011037772;
    double bottom = ((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r
        + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r
        + 0.0148753612908506148525) * r + 0.13692988092273580531) * r + 0.59983220655588793769) * r
        + 1.0;
    return top / bottom;
}

/* Turn count uniforms into normals: the centre for all, the tails gathered and done together. */
static void normals(double *restrict x, int64_t count, int32_t *restrict where,
                    double *restrict tail, double *restrict depth)
{
    int64_t n = 0;
#ifdef __AVX512VL__
    for (int64_t i = 0; i < count; i += 8) {
        __m512d u = _mm512_load_pd(x + i), q = _mm512_abs_pd(_mm512_sub_pd(u, _mm512_set1_pd(0.5)));
        __mmask8 out = _mm512_cmp_pd_mask(q, _mm512_set1_pd(0.425), _CMP_GT_OQ);
        __m256i index = _mm256_add_epi32(_mm256_set1_epi32((int)i),
                                         _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
        _mm512_storeu_pd(tail + n, _mm512_maskz_compress_pd(out, u));
        _mm256_storeu_si256((__m256i *)(where + n), _mm256_maskz_compress_epi32(out, index));
        n += __builtin_popcount(out);
    }
#else
    for (int64_t i = 0; i < count; i++) {
        tail[n] = x[i];
        where[n] = (int32_t)i;
        n += fabs(x[i] - 0.5) > 0.425;
    }
#endif
    vec *v = (vec *)x;
    for (int64_t i = 0; i < count / W; i++)
        v[i] = centre(v[i] - 0.5);
    int64_t full = (n + W - 1) / W;
    for (int64_t i = n; i < full * W; i++)
        tail[i] = 0.01;
    vec *t = (vec *)tail, *d = (vec *)depth;
    for (int64_t i = 0; i < full; i++)
        d[i] = -logarithm(at_most(t[i], 1.0 - t[i]));
    for (int64_t i = 0; i < full * W; i++)
        depth[i] = sqrt(depth[i]);
    for (int64_t i = 0; i < full; i++) {
        vec y = middle(d[i] - 1.6);
        for (int j = 0; j < W; j++)
            if (__builtin_expect(d[i][j] > 5.0, 0))
                y[j] = far(d[i][j] - 5.0);
        t[i] = above(same(0.5), t[i], -y, y);
    }
    for (int64_t i = 0; i < n; i++)
        x[where[i]] = tail[i];
}

/* Least n with F(n) >= u: called only where u is beyond 1 - mean, so rarely. */
static double poisson(double u, double mean)
{
    double probability = exp(-mean), total = probability, n = 0.0;
    while (total < u && probability > 0.0) {
        n += 1.0;
        probability = probability * mean / n;
        total += probability;
    }
    return n;
}

/* ---- a block ---- */

struct message { /* one narrative on one day */
    double share, weight, truth;
    int64_t issue, claim, front;
    const uint8_t *reaches;
};

struct block {
    /* the runs' own numbers */
    lane values[COEFFICIENTS], cost[2], slope;
    int plain[COEFFICIENTS];
    vec draws[2][H];
    lane *pull, *resting, *trust, *judgements, *prior, *start;
    lane *at_rest, *rested; /* how each is judged at rest, what rests besides the background */
    /* state */
    lane *sympathy, *tomorrow, *salience, *kept, *broken, *credence, *attacks;
    double *verified;
    lane tension, stage, noticed;
    double mediation[L], offer_day[L], standing[2][L];
    lane goodwill[2], pique[2], hit[2];
    /* what the world says today, and what of it is heard again: for, against, on each claim */
    lane said_pro[2], said_con[2], *said, again_pro[2], again_con[2], *again;
    lane active; /* 1 where mediation is */
    int staged;
    /* draws of four days */
    double (*noise)[L]; /* [a, k, 4] */
    double incident[2][4][L] __attribute__((aligned(64)));
    double *tail, *depth;
    int32_t *where;
    /* the day at one audience */
    lane *even, *shocks, *fit;
    lane *talk; /* effort on each issue, as far as it primes */
    lane *attacked, *denied; /* of each front */
    lane *asserted, *contested;
    double *rows; /* sums of the peers' weights */
    /* fronts: a claimant and an issue on which the rival's menu attacks it */
    int64_t fronts, *front; /* of [k, q], or -1 */
    int *defender;
    struct message *messages[2][3];
    int64_t count[2][3];
};

static void *room(size_t bytes)
{
    size_t page = bytes < HUGE_PAGE ? 64 : HUGE_PAGE, size = (bytes + 64 + page - 1) / page * page;
    void *p = aligned_alloc(page, size);
#ifdef MADV_HUGEPAGE
    if (p && page == HUGE_PAGE)
        madvise(p, size, MADV_HUGEPAGE); /* thousands of audiences: fewer look-ups of pages */
#endif
    if (p)
        memset(p, 0, size);
    return p;
}

static struct block *new_block(const struct plan *p)
{
    struct block *b = room(sizeof *b);
    size_t a = p->audiences, q = p->issues, j = p->claims, n = p->narratives;
    b->pull = room(a * sizeof(lane));
    b->resting = room(a * q * sizeof(lane));
    b->trust = room(a * 2 * sizeof(lane));
    b->judgements = room(a * q * 2 * sizeof(lane));
    b->prior = room(a * j * sizeof(lane));
    b->start = room(a * 2 * sizeof(lane));
    b->at_rest = room(a * 2 * sizeof(lane));
    b->rested = room(a * sizeof(lane));
    b->said = room(j * sizeof(lane));
    b->again = room(j * sizeof(lane));
    b->sympathy = room(a * 2 * sizeof(lane));
    b->tomorrow = room(a * 2 * sizeof(lane));
    b->salience = room(a * q * sizeof(lane));
    b->kept = room(a * 2 * sizeof(lane));
    b->broken = room(a * 2 * sizeof(lane));
    b->credence = room(a * j * sizeof(lane));
    b->attacks = room(a * j * sizeof(lane));
    b->verified = room(n * sizeof(double));
    b->noise = room(a * 8 * sizeof(lane));
    b->tail = room(a * 8 * sizeof(lane) + 64);
    b->depth = room(a * 8 * sizeof(lane) + 64);
    b->where = room(a * 8 * L * sizeof(int32_t) + 64);
    b->even = room(a * sizeof(lane));
    b->shocks = room(q * sizeof(lane));
    b->fit = room(q * sizeof(lane));
    b->talk = room(q * sizeof(lane));
    b->attacked = room((2 * q + 1) * sizeof(lane)); /* an odd last front has a mate of zeros */
    b->denied = room((2 * q + 1) * sizeof(lane));
    b->asserted = room(j * sizeof(lane));
    b->contested = room(j * sizeof(lane));
    b->rows = room(a * sizeof(double));
    b->front = room(2 * q * sizeof(int64_t));
    b->defender = room((2 * q + 1) * sizeof(int));
    for (int i = 0; i < 6; i++)
        b->messages[i / 3][i % 3] = room(n * sizeof(struct message));
    for (size_t i = 0; i < a; i++)
        for (int64_t s = p->peer_start[i]; s < p->peer_start[i + 1]; s++)
            b->rows[i] += p->peer_weight[s];
    for (size_t i = 0; i < 2 * q; i++) {
        b->front[i] = -1;
        for (size_t m = 0; m < n; m++)
            if (p->kind[m] == ATTACK && (1 - p->sender[m]) * q + p->issue[m] == i)
                b->front[i] = b->fronts;
        if (b->front[i] >= 0)
            b->defender[b->fronts++] = (int)(i / q);
    }
    return b;
}
static void free_block(struct block *b)
{
    void *all[] = {b->pull, b->resting, b->trust, b->judgements, b->prior, b->start, b->sympathy,
        b->tomorrow, b->salience, b->kept, b->broken, b->credence, b->attacks, b->verified,
        b->noise, b->tail, b->depth, b->where, b->even, b->shocks, b->fit, b->talk, b->attacked, b->denied,
        b->asserted, b->contested, b->at_rest, b->rested, b->said, b->again, b->rows, b->front, b->defender, b->messages[0][0],
        b->messages[0][1], b->messages[0][2], b->messages[1][0], b->messages[1][1],
        b->messages[1][2], b};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
}

static void take(lane *to, const double *from, int64_t rows, int64_t runs, const int64_t *members)
{
    for (int64_t i = 0; i < rows; i++)
        for (int r = 0; r < L; r++)
            ((double *)&to[i])[r] = from[i * runs + (runs == 1 ? 0 : members[r])];
}

static void take_numbers(struct block *b, const struct plan *p, const struct numbers *x,
                         const int64_t *members)
{
    int64_t a = p->audiences, q = p->issues, j = p->claims;
    take(b->values, x->values, COEFFICIENTS, x->runs, members);
    take(b->cost, x->audience_cost, 2, x->runs, members);
    take(b->pull, x->anchor_pull, a, x->runs, members);
    take(b->resting, x->resting, a * q, x->runs, members);
    take(b->trust, x->trust, a * 2, x->runs, members);
    take(b->judgements, x->judgements, a * q * 2, x->runs, members);
    take(b->prior, x->credence, a * j, x->runs, members);
    take(b->start, x->start, a * 2, x->runs, members);
    lane *v = b->values;
    for (int i = 0; i < COEFFICIENTS; i++) {
        b->plain[i] = 1;
        for (int r = 0; r < L; r++)
            b->plain[i] &= ((double *)&v[i])[r] == 1.0;
    }
    for (int h = 0; h < H; h++) {
        vec jump = v[INCIDENT_TENSION].h[h];
        b->slope.h[h] = above(jump, same(0.0), v[BRANCHING_RATIO].h[h]
            * (1.0 - v[TENSION_RETENTION].h[h]) / above(jump, same(0.0), jump, same(1.0)),
            same(0.0));
        b->draws[0][h] = power(v[DRAW].h[h], v[DECISIVENESS].h[h]);
        b->draws[1][h] = power(v[CREDENCE_DRAW].h[h], v[DECISIVENESS].h[h]);
    }
    for (int64_t i = 0; i < a; i++)
        EACH {
            const lane *rest = b->resting + i * q, *judged = b->judgements + i * q * 2;
            vec all = {0}, first = {0}, second = {0};
            for (int64_t s = 0; s < q; s++) {
                all += rest[s].h[h];
                first += rest[s].h[h] * judged[s * 2].h[h];
                second += rest[s].h[h] * judged[s * 2 + 1].h[h];
            }
            b->rested[i].h[h] = all - rest[0].h[h];
            b->at_rest[i * 2].h[h] = first / all;
            b->at_rest[i * 2 + 1].h[h] = second / all;
        }
}

static void begin_runs(struct block *b, const struct plan *p)
{
    int64_t a = p->audiences;
    memcpy(b->sympathy, b->start, a * 2 * sizeof(lane));
    memcpy(b->salience, b->resting, a * p->issues * sizeof(lane));
    memcpy(b->credence, b->prior, a * p->claims * sizeof(lane));
    memset(b->attacks, 0, a * p->claims * sizeof(lane));
    memcpy(b->verified, p->evidence, p->narratives * sizeof(double));
    for (int64_t i = 0; i < a * 2; i++)
        for (int h = 0; h < H; h++) {
            b->kept[i].h[h] = b->values[CREDIBILITY_PRIOR].h[h] * b->trust[i].h[h];
            b->broken[i].h[h] = b->values[CREDIBILITY_PRIOR].h[h] * (1.0 - b->trust[i].h[h]);
        }
    for (int h = 0; h < H; h++) {
        b->tension.h[h] = same(p->initial_tension);
        for (int k = 0; k < 2; k++) {
            b->goodwill[k].h[h] = b->pique[k].h[h] = same(0.0);
            b->again_pro[k].h[h] = b->again_con[k].h[h] = same(0.0);
        }
    }
    memset(b->again, 0, p->claims * sizeof(lane));
    for (int r = 0; r < L; r++) {
        b->mediation[r] = 0.0;
        b->offer_day[r] = -1.0;
        b->standing[0][r] = b->standing[1][r] = 0.0;
    }
}

/* What the world says today: of today, and again of what happened before.  (section 2.1) */
static void say(struct block *b, const struct plan *p, int64_t day)
{
    double pro[2] = {0}, con[2] = {0};
    const lane *v = b->values;
    for (int64_t j = 0; j < p->claims; j++)
        b->said[j] = b->again[j];
    for (int64_t i = p->event_start[day]; i < p->event_start[day + 1]; i++) {
        int64_t event = p->event[i], j = p->event_claim[event];
        int64_t accused = j >= 0 ? p->accused[j] : -1;
        for (int k = 0; k < 2; k++) {
            double x = p->event_con[event * 2 + k];
            pro[k] += p->event_pro[event * 2 + k];
            if (accused == k)
                EACH b->said[j].h[h] += (1.0 - v[NEWS_RETENTION].h[h]) * x;
            else
                con[k] += x;
        }
        if (p->parity_claim >= 0)
            EACH b->said[p->parity_claim].h[h]
                += (1.0 - v[NEWS_RETENTION].h[h]) * p->event_asserts[event];
    }
    EACH {
        vec kept = v[NEWS_RETENTION].h[h], fresh = 1.0 - kept;
        for (int k = 0; k < 2; k++) {
            vec up = pro[k] + b->hit[k].h[h] * p->incident_pro;
            vec down = con[k] + b->hit[1 - k].h[h] * p->incident_con;
            b->said_pro[k].h[h] = b->again_pro[k].h[h] + fresh * up;
            b->said_con[k].h[h] = b->again_con[k].h[h] + fresh * down;
            b->again_pro[k].h[h] = kept * b->said_pro[k].h[h];
            b->again_con[k].h[h] = kept * b->said_con[k].h[h];
        }
        for (int64_t j = 0; j < p->claims; j++)
            b->again[j].h[h] = kept * b->said[j].h[h];
    }
}

/* Events and incidents; what the whole day reads.  (section 2.1) */
static void happen(struct block *b, const struct plan *p, int64_t day, double *shock)
{
    lane *v = b->values;
    *shock = 0.0;
    b->staged = 0;
    for (int h = 0; h < H; h++) {
        vec half = (v[BASE_INCIDENT_RATE].h[h] + b->slope.h[h] * b->tension.h[h]) / 2.0;
        for (int k = 0; k < 2; k++) {
            vec u = *(vec *)&b->incident[k][day % 4][h * W];
            ivec beyond = u > 1.0 - half;
            b->hit[k].h[h] = same(0.0);
            for (int r = 0; r < W; r++)
                if (__builtin_expect(beyond[r] != 0, 0))
                    b->hit[k].h[h][r] = poisson(u[r], half[r]);
        }
    }
    for (int r = 0; r < L; r++) {
        double m = b->mediation[r], offered = ((double *)&v[OFFER_PARITY])[r];
        ((double *)&b->active)[r] = m >= 2.0 ? 1.0 : 0.0;
        ((double *)&b->stage)[r] = m >= 2.0 ? 1.0 : m >= 1.0 ? offered : 0.0;
        b->staged |= m >= 1.0;
    }
    for (int64_t q = 0; q < p->issues; q++) {
        double z = 0.0;
        for (int64_t i = p->event_start[day]; i < p->event_start[day + 1]; i++)
            z += p->event_salience[p->event[i] * p->issues + q];
        for (int h = 0; h < H; h++)
            b->shocks[q].h[h]
                = z + (b->hit[0].h[h] + b->hit[1].h[h]) * p->incident_salience[q];
    }
    for (int64_t i = p->event_start[day]; i < p->event_start[day + 1]; i++)
        *shock += p->event_tension[p->event[i]];
    say(b, p, day);
    if (p->parity_claim >= 0)
        for (int64_t a = 0; a < p->audiences; a++)
            b->even[a] = b->credence[a * p->claims + p->parity_claim];
}

/* One day at one audience.  (1) to (5), section 2.6 */
static void live(struct block *restrict b, const struct plan *restrict p, int64_t day, int64_t a)
{
    const int64_t Q = p->issues, J = p->claims, F = b->fronts;
    const lane *v = b->values;
    const vec zero = {0}, one = same(1.0);
    lane *restrict salience = b->salience + a * Q, *restrict credence = b->credence + a * J;
    lane *restrict attacks = b->attacks + a * J;
    const lane *restrict resting = b->resting + a * Q;
    const lane *restrict judged = b->judgements + a * Q * 2;
    lane *restrict fit = b->fit, *restrict talk = b->talk;
    lane *restrict attacked = b->attacked, *restrict denied = b->denied;
    lane *restrict asserted = b->asserted, *restrict contested = b->contested;
    lane *restrict kept = b->kept + a * 2, *restrict broken = b->broken + a * 2;
    lane part, scale, attention, anchor[2], trusted[2], pro[2], con[2], held[2], failed[2];
    lane spoken[2], lifted[2];

    /* salience, attention, anchors, credibility  (1) */
    lane conflict;
    EACH {
        conflict.h[h] = zero;
        anchor[0].h[h] = salience[0].h[h] * judged[0].h[h];
        anchor[1].h[h] = salience[0].h[h] * judged[1].h[h];
    }
    for (int64_t q = 1; q < Q; q++)
        EACH {
            vec rest = resting[q].h[h];
            vec z = rest + v[SALIENCE_RETENTION].h[h] * (salience[q].h[h] - rest)
                + b->shocks[q].h[h];
            z = at_least(z, zero);
            salience[q].h[h] = z;
            conflict.h[h] += z;
            anchor[0].h[h] += z * judged[q * 2].h[h];
            anchor[1].h[h] += z * judged[q * 2 + 1].h[h];
            talk[q].h[h] = zero;
        }
    if (a == p->mediator && p->escalation >= 0)
        b->noticed = salience[p->escalation];
    EACH {
        /* one division for four: the numbers are neither huge nor tiny */
        vec background = salience[0].h[h], total = background + conflict.h[h];
        vec loud = above(conflict.h[h], zero, conflict.h[h], one);
        vec first = kept[0].h[h] + broken[0].h[h], second = kept[1].h[h] + broken[1].h[h];
        vec x = total * loud, y = first * second, all = 1.0 / (x * y);
        vec of_x = all * y, of_y = all * x;
        part.h[h] = of_x * loud;
        scale.h[h] = above(conflict.h[h], zero, (Q - 1.0) * (of_x * total), zero);
        trusted[0].h[h] = kept[0].h[h] * (of_y * second);
        trusted[1].h[h] = kept[1].h[h] * (of_y * first);
        attention.h[h] = 1.0 - v[LIMITED_ATTENTION].h[h] * (background * part.h[h]);
        /* (2a) */
        vec adds = (1.0 - v[CROWDING].h[h]) * ((conflict.h[h] - b->rested[a].h[h]) * part.h[h]);
        for (int k = 0; k < 2; k++) {
            vec u = anchor[k].h[h] * part.h[h] + adds * b->at_rest[a * 2 + k].h[h];
            anchor[k].h[h] = at_most(at_least(u, -one), one);
        }
        fit[0].h[h] = one;
        talk[0].h[h] = zero;
    }
    if (!b->plain[CREDIBILITY_EXPONENT])
        for (int k = 0; k < 2; k++)
            EACH trusted[k].h[h] = power(trusted[k].h[h], v[CREDIBILITY_EXPONENT].h[h]);

    /* how far messages travel */
    if (b->plain[RESONANCE])
        for (int64_t q = 1; q < Q; q++)
            EACH fit[q].h[h] = scale.h[h] * salience[q].h[h];
    else
        for (int64_t q = 1; q < Q; q++)
            EACH fit[q].h[h] = power(scale.h[h] * salience[q].h[h], v[RESONANCE].h[h]);
    for (int h = 0; h < H; h++) { /* nothing on the agenda: all travel alike */
        ivec quiet = scale.h[h] == 0.0;
        int64_t any = 0;
        for (int r = 0; r < W; r++)
            any |= quiet[r];
        if (__builtin_expect(any != 0, 0))
            for (int64_t q = 1; q < Q; q++)
                fit[q].h[h] = above(scale.h[h], zero, fit[q].h[h], one);
    }
    for (int64_t f = 0; f < F; f++)
        EACH attacked[f].h[h] = denied[f].h[h] = zero;

    /* what the world says */
    for (int k = 0; k < 2; k++) {
        pro[k] = b->said_pro[k];
        con[k] = b->said_con[k];
    }
    for (int64_t j = 0; j < J; j++) {
        int64_t k = p->accused[j];
        EACH {
            asserted[j].h[h] = b->said[j].h[h];
            contested[j].h[h] = zero;
        }
        if (k >= 0)
            EACH con[k].h[h] += b->said[j].h[h] * credence[j].h[h];
    }
    if (a == p->mediator)
        for (int k = 0; k < 2; k++)
            EACH {
                pro[k].h[h] += b->goodwill[k].h[h];
                con[k].h[h] += b->pique[k].h[h];
            }

    /* replies to yesterday's attacks, and what statements and teams have left  (section 2.3) */
    double talks[2] = {0.0, 0.0}, lifts[2] = {0.0, 0.0};
    const int64_t *team_start = p->team_start + day * (p->audiences + 1);
    for (int64_t i = team_start[a]; i < team_start[a + 1]; i++) {
        int64_t team = p->team_at[day * p->teams + i];
        talks[p->owner[team]] += 1.0 / p->capitals[a];
        lifts[p->owner[team]] += p->bonus[team] / p->capitals[a];
    }
    for (int k = 0; k < 2; k++) {
        lane each, budget;
        EACH held[k].h[h] = failed[k].h[h] = budget.h[h] = zero;
        if (day >= p->campaign_start[k]) {
            EACH each.h[h] = zero;
            for (int64_t j = 0; j < J; j++)
                if (p->accused[j] == k)
                    EACH each.h[h] += attacks[j].h[h];
            double planned = p->planned_reply[day * 2 + k]; /* nan: the parameter */
            EACH {
                vec reach = v[BROADCAST_REACH].h[h] * p->effort[k];
                vec usual = v[REPLY].h[h], given = zero + planned;
                vec reply = isnan(planned) ? usual : given;
                vec all = each.h[h], some = above(all, zero, all, one);
                budget.h[h] = above(all, zero, reach - reach * reply, reach);
                each.h[h] = reach * reply / some; /* of nothing where nothing was said */
            }
            for (int64_t j = 0; j < J; j++) {
                int64_t q = p->claim_issue[j], n = p->reply_narrative[j];
                if (p->accused[j] != k || q < 0)
                    continue;
                int64_t f = b->front[k * Q + q];
                double evidence = n >= 0 ? p->evidence[n] : 0.5;
                double truth = n >= 0 ? b->verified[n] : 0.5;
                EACH {
                    vec e = each.h[h] * attacks[j].h[h];
                    vec x = e * evidence * (trusted[k].h[h] * fit[q].h[h]);
                    held[k].h[h] += e * truth;
                    failed[k].h[h] += e - e * truth;
                    talk[q].h[h] += v[DENIAL_PRIMING].h[h] * e;
                    denied[f].h[h] += x;
                    contested[j].h[h] += x;
                }
            }
        }
        EACH {
            spoken[k].h[h] = budget.h[h] + v[TEAM_EFFORT].h[h] * talks[k];
            lifted[k].h[h]
                = (budget.h[h] + v[TEAM_EFFORT].h[h] * lifts[k]) * trusted[k].h[h];
        }
    }
    for (int64_t j = 0; j < J; j++)
        EACH attacks[j].h[h] = zero;

    /* each claimant's menu, message by message  (2) */
    for (int k = 0; k < 2; k++) {
        if (day < p->campaign_start[k] && talks[k] == 0.0)
            continue;
        double shares = 0.0, truths = 0.0;
        lane promoted, hurt;
        EACH promoted.h[h] = hurt.h[h] = zero;
        const struct message *m = b->messages[k][PROMOTE], *last = m + b->count[k][PROMOTE];
        for (; m < last; m++) {
            if (!m->reaches[a])
                continue;
            shares += m->share;
            truths += m->share * m->truth;
            lane *said = talk + m->issue;
            const lane *fits = fit + m->issue;
            EACH {
                vec x = lifted[k].h[h] * fits->h[h] * m->weight;
                promoted.h[h] += x;
                said->h[h] += spoken[k].h[h] * m->share;
                if (m->claim >= 0)
                    asserted[m->claim].h[h] += x;
            }
        }
        m = b->messages[k][ATTACK], last = m + b->count[k][ATTACK];
        for (; m < last; m++) {
            if (!m->reaches[a])
                continue;
            shares += m->share;
            truths += m->share * m->truth;
            lane *said = talk + m->issue, *target = attacked + m->front;
            lane *claimed = asserted + m->claim, *delivered = attacks + m->claim;
            const lane *fits = fit + m->issue, *belief = credence + m->claim;
            EACH {
                vec x = lifted[k].h[h] * fits->h[h] * m->weight, e = spoken[k].h[h] * m->share;
                vec landed = x * belief->h[h];
                target->h[h] += landed;
                hurt.h[h] += x - landed;
                claimed->h[h] += x;
                said->h[h] += e;
                delivered->h[h] += e;
            }
        }
        m = b->messages[k][DENY], last = m + b->count[k][DENY];
        for (; m < last; m++) {
            if (!m->reaches[a])
                continue;
            shares += m->share;
            truths += m->share * m->truth;
            lane *said = talk + m->issue;
            const lane *fits = fit + m->issue;
            EACH {
                vec x = lifted[k].h[h] * fits->h[h] * m->weight;
                said->h[h] += v[DENIAL_PRIMING].h[h] * spoken[k].h[h] * m->share;
                if (m->claim >= 0)
                    contested[m->claim].h[h] += x;
                if (m->front >= 0)
                    denied[m->front].h[h] += x;
            }
        }
        EACH {
            pro[k].h[h] += promoted.h[h];
            con[k].h[h] += hurt.h[h] * v[BACKLASH].h[h];
            held[k].h[h] += spoken[k].h[h] * truths;
            failed[k].h[h] += spoken[k].h[h] * (shares - truths);
        }
    }
    for (int k = 0; k < 2; k++)
        EACH {
            kept[k].h[h] += attention.h[h] * held[k].h[h];
            broken[k].h[h] += attention.h[h] * failed[k].h[h];
        }
    for (int64_t f = 0; f < F; f += 2) { /* two to a division */
        int one_side = b->defender[f], other_side = b->defender[f + 1];
        EACH {
            vec c = attacked[f].h[h], d = denied[f].h[h], cd = c + d;
            vec e = attacked[f + 1].h[h], g = denied[f + 1].h[h], eg = e + g;
            cd = above(cd, same(TINY), cd, one);
            eg = above(eg, same(TINY), eg, one);
            vec unit = v[DENIAL_EFFICACY].h[h] / (cd * eg), potency = v[ATTACK_POTENCY].h[h];
            con[one_side].h[h] += potency * (c - c * d * (unit * eg));
            con[other_side].h[h] += potency * (e - e * g * (unit * cd));
        }
    }

    /* parity  (3) */
    if (b->staged)
        EACH {
            vec even = p->parity_claim >= 0 ? b->even[a].h[h] : one;
            vec parity = v[PARITY].h[h] * b->stage.h[h] * even, gap;
            if (a == p->mediator)
                gap = (1.0 - parity) * (1.0 - v[IMPARTIALITY].h[h] * b->active.h[h] * even);
            else
                gap = 1.0 - parity * v[PARITY_SPILLOVER].h[h];
            vec mean = (anchor[0].h[h] + anchor[1].h[h]) * 0.5;
            anchor[0].h[h] = mean + gap * (anchor[0].h[h] - mean);
            anchor[1].h[h] = mean + gap * (anchor[1].h[h] - mean);
        }

    /* tomorrow's sympathy  (4), (5) */
    lane heard[2];
    EACH heard[0].h[h] = heard[1].h[h] = zero;
    for (int64_t i = p->peer_start[a]; i < p->peer_start[a + 1]; i++) {
        const lane *other = b->sympathy + p->peer_of[i] * 2;
        double w = p->peer_weight[i];
        EACH {
            heard[0].h[h] += w * other[0].h[h];
            heard[1].h[h] += w * other[1].h[h];
        }
    }
    if (!b->plain[DECISIVENESS])
        for (int k = 0; k < 2; k++)
            EACH {
                pro[k].h[h] = power(pro[k].h[h], v[DECISIVENESS].h[h]);
                con[k].h[h] = power(con[k].h[h], v[DECISIVENESS].h[h]);
            }
    EACH {
        vec pull = b->pull[a].h[h], left = 1.0 - pull;
        vec first = pro[0].h[h] + con[0].h[h] + b->draws[0][h];
        vec second = pro[1].h[h] + con[1].h[h] + b->draws[0][h];
        first = above(first, same(TINY), first, one);
        second = above(second, same(TINY), second, one);
        vec both = v[MESSAGE_WEIGHT].h[h] * attention.h[h] / (first * second);
        for (int k = 0; k < 2; k++) {
            vec s = b->sympathy[a * 2 + k].h[h], unit = both * (k == 0 ? second : first);
            vec up = pro[k].h[h] * unit, down = con[k].h[h] * unit;
            vec peers = left * (1.0 - up - down) * v[PEER_PULL].h[h];
            s += pull * (anchor[k].h[h] - s) + peers * (heard[k].h[h] - b->rows[a] * s)
                + left * (up * (1.0 - s) - down * (1.0 + s))
                + v[NOISE].h[h] * *(vec *)&b->noise[(a * 2 + k) * 4 + day % 4][h * W];
            b->tomorrow[a * 2 + k].h[h] = at_most(at_least(s, -one), one);
        }
    }

    /* priming and credence  (section 2.6) */
    for (int64_t q = 1; q < Q; q++)
        EACH salience[q].h[h] += v[PRIMING].h[h] * talk[q].h[h];
    if (!b->plain[DECISIVENESS])
        for (int64_t j = 0; j < J; j++)
            EACH {
                asserted[j].h[h] = power(asserted[j].h[h], v[DECISIVENESS].h[h]);
                contested[j].h[h] = power(contested[j].h[h], v[DECISIVENESS].h[h]);
            }
    lane rate;
    EACH rate.h[h] = v[CREDENCE_RATE].h[h] * v[OPEN_CREDENCE].h[h] * attention.h[h];
    for (int64_t j = 0; j < J; j += 2) { /* two to a division */
        int64_t i = j + 1 < J ? j + 1 : j;
        EACH {
            vec yes = asserted[j].h[h], all = yes + contested[j].h[h];
            vec yes2 = asserted[i].h[h], all2 = yes2 + contested[i].h[h];
            vec total = all + b->draws[1][h], total2 = all2 + b->draws[1][h];
            total = above(total, same(TINY), total, one);
            total2 = above(total2, same(TINY), total2, one);
            vec unit = rate.h[h] / (total * total2);
            vec belief = credence[j].h[h], belief2 = credence[i].h[h];
            credence[i].h[h] = belief2 + unit * total * (yes2 - all2 * belief2);
            credence[j].h[h] = belief + unit * total2 * (yes - all * belief);
        }
    }
    for (int64_t i = p->event_start[day]; i < p->event_start[day + 1]; i++) {
        int64_t event = p->event[i], j = p->verified_claim[event];
        if (j >= 0)
            EACH credence[j].h[h] += p->finding_weight[event] * v[OPEN_CREDENCE].h[h]
                * (p->finding[event] - credence[j].h[h]);
    }
}

/* The day's messages by claimant and type, and what the reports say is true. */
static void prepare(struct block *b, const struct plan *p, int64_t day)
{
    for (int k = 0; k < 2; k++)
        for (int kind = 0; kind < 3; kind++) {
            int64_t count = 0;
            for (int64_t n = 0; n < p->narratives; n++) {
                if (p->sender[n] != k || p->kind[n] != kind || !p->spoken[day * p->narratives + n])
                    continue;
                int64_t q = p->issue[n], side = kind == ATTACK ? 1 - k : k;
                int counts = kind != DENY || p->claim[n] < 0 || p->claim[n] != p->parity_claim;
                double share = p->share[day * p->narratives + n];
                b->messages[k][kind][count++] = (struct message){
                    .share = share, .weight = share * p->evidence[n],
                    .truth = b->verified[n], .issue = q, .claim = p->claim[n],
                    .front = counts ? b->front[side * p->issues + q] : -1,
                    .reaches = p->reaches + n * p->audiences,
                };
            }
            b->count[k][kind] = count;
        }
}

/* Inquiries' findings, tension.  (6) */
static void end(struct block *b, const struct plan *p, int64_t day, double shock)
{
    const lane *v = b->values;
    for (int64_t i = p->event_start[day]; i < p->event_start[day + 1]; i++) {
        int64_t event = p->event[i];
        for (int64_t n = 0; n < p->narratives && p->verified_claim[event] >= 0; n++)
            if (p->claim[n] == p->verified_claim[event]) {
                double found = p->finding[event];
                found = p->kind[n] == DENY ? 1.0 - found : found;
                b->verified[n] += p->finding_weight[event] * (found - b->verified[n]);
            }
    }
    for (int h = 0; h < H; h++) {
        vec calming = v[CALMING].h[h] * b->active.h[h];
        vec x = v[TENSION_RETENTION].h[h] * (1.0 - calming) * b->tension.h[h] + shock
            + v[INCIDENT_TENSION].h[h] * (b->hit[0].h[h] + b->hit[1].h[h]);
        b->tension.h[h] = at_least(x, same(0.0));
    }
}

#define OF(x, r) (((const double *)&(x))[r])

/* Both claimants' answers to the offer of one run. b->tomorrow holds the day's start.  (7) */
static void ask(struct block *b, const struct plan *p, int64_t day, int r, uint64_t seed,
                uint64_t replicate, int64_t *diplomacy)
{
    const lane *v = b->values;
    double lead = 0.0, even = 0.0;
    int agreed = 0;
    for (int64_t a = 0; a < p->audiences; a++) {
        const lane *s = b->tomorrow + a * 2;
        lead += p->importance[a] * (OF(s[0], r) - OF(s[1], r)) / 2.0;
        even += p->importance[a] * (p->parity_claim >= 0 ? OF(b->even[a], r) : 1.0);
    }
    b->offer_day[r] = (double)day;
    for (int k = 0; k < 2; k++) {
        double gain = OF(v[TENSION_WEIGHT], r) * OF(v[CALMING], r) * OF(b->tension, r)
            - OF(v[PARITY_WEIGHT], r) * OF(v[PARITY], r) * even * (1.0 - OF(v[OFFER_PARITY], r))
                * (k == 0 ? lead : -lead)
            + OF(v[GOODWILL], r) * p->importance[p->mediator] - OF(b->cost[k], r);
        double precision = OF(v[CHOICE_PRECISION], r), chance;
        uint64_t w[4];
        words(w, seed, replicate, (uint64_t)day / 4, p->accept_counter[k * 2],
              p->accept_counter[k * 2 + 1]);
        if (precision > 1e300)
            chance = gain > 0.0 ? 1.0 : 0.0;
        else
            chance = 1.0 / (1.0 + exp(-precision * gain));
        b->standing[k][r] = uniform(w[day % 4]) < chance ? 1.0 : 0.0;
        agreed += b->standing[k][r] > 0.0;
    }
    b->mediation[r] = agreed == 2 ? 2.0 : 1.0;
    diplomacy[0] += 1;
    diplomacy[1] += b->standing[0][r] > 0.0;
    diplomacy[2] += b->standing[1][r] > 0.0;
}

/* Offers by the policy, answers, the end of an offer: rare, so one run at a time.  (2.8) */
static void decide(struct block *b, const struct plan *p, int64_t day, int count, uint64_t seed,
                   const uint64_t *replicates, int64_t *diplomacy)
{
    const lane *v = b->values;
    const lane *rest = b->resting + p->mediator * p->issues + p->escalation;
    for (int r = 0; r < L; r++) {
        int offers = 0;
        if (b->mediation[r] < 2.0 && p->policy == SCRIPTED)
            offers = p->offer_days[day];
        if (b->mediation[r] < 2.0 && p->policy == THRESHOLD) {
            double since = b->offer_day[r] >= 0.0 ? (double)day - b->offer_day[r] : INFINITY;
            double worry = OF(b->tension, r);
            if (p->escalation >= 0)
                worry += OF(v[ESCALATION_WORRY], r) * (OF(b->noticed, r) - OF(*rest, r));
            offers = since >= OF(v[OFFER_COOLDOWN], r) && worry > OF(v[OFFER_THRESHOLD], r);
        }
        if (offers) {
            int64_t unused[3];
            ask(b, p, day, r, seed, replicates[r], r < count ? diplomacy : unused);
        } else if (b->mediation[r] > 0.0
                   && (double)day >= b->offer_day[r] + OF(v[MEDIATION_LENGTH], r)) {
            b->mediation[r] = b->standing[0][r] = b->standing[1][r] = 0.0;
        } else
            continue;
        for (int k = 0; k < 2; k++) {
            double thanks = b->mediation[r] >= 1.0 ? OF(v[GOODWILL], r) : 0.0;
            ((double *)&b->goodwill[k])[r] = b->standing[k][r] > 0.0 ? thanks : 0.0;
            ((double *)&b->pique[k])[r] = b->standing[k][r] > 0.0 ? 0.0 : thanks;
        }
    }
}

/* Add the state at the start of day t to the sums; shown is 1 for a run that counts, else 0. */
static void add(const struct block *restrict b, const struct plan *p, int64_t t, const lane *shown,
                double *restrict tension, const double *restrict origin, vec *restrict sympathy,
                vec *restrict squares)
{
    int64_t wide = p->audiences * 2;
    for (int64_t i = 0; i < wide; i++) {
        vec sum = {0}, square = {0};
        for (int h = 0; h < H; h++) {
            vec d = (b->sympathy[i].h[h] - origin[i]) * shown->h[h];
            sum += d;
            square += d * d;
        }
        sympathy[t * wide + i] += sum;
        squares[t * wide + i] += square;
    }
    for (int r = 0; r < L; r++)
        tension[t] += OF(b->tension, r) * OF(*shown, r);
}

static void run_days(struct block *b, const struct plan *p, uint64_t seed,
                     const uint64_t *replicates, int count, const lane *shown,
                     const struct sums *out, vec *sympathy, vec *squares)
{
    int64_t wide = p->audiences * 2;
    begin_runs(b, p);
    for (int64_t day = 0;; day++) {
        add(b, p, day, shown, out->tension, out->origin, sympathy, squares);
        if (day == p->days)
            break;
        if (day % 4 == 0) {
            for (int64_t i = 0; i < wide; i++)
                uniforms(b->noise + i * 4, seed, replicates, day / 4, p->noise_counter + i * 2);
            for (int k = 0; k < 2; k++)
                uniforms(b->incident[k], seed, replicates, day / 4, p->incident_counter + k * 2);
            normals((double *)b->noise, wide * 4 * L, b->where, b->tail, b->depth);
        }
        double shock;
        happen(b, p, day, &shock);
        prepare(b, p, day);
        for (int64_t a = 0; a < p->audiences; a++)
            live(b, p, day, a);
        lane *swap = b->sympathy;
        b->sympathy = b->tomorrow;
        b->tomorrow = swap;
        end(b, p, day, shock);
        decide(b, p, day, count, seed, replicates, out->diplomacy);
    }
}

/* Run the replicates start .. stop - 1 and add them up. Returns 0, or 1 without memory. */
int run(const struct plan *p, const struct numbers *x, uint64_t seed, const uint64_t *replicates,
        int64_t start, int64_t stop, const struct sums *out)
{
    int64_t wide = p->audiences * 2, cells = (p->days + 1) * wide;
    struct block *b = new_block(p);
    vec *sympathy = room(cells * sizeof(vec)), *squares = room(cells * sizeof(vec));
    if (!b || !sympathy || !squares)
        return 1;
    for (int64_t first = start; first < stop; first += L) {
        int64_t members[L];
        uint64_t own[L] __attribute__((aligned(64)));
        lane shown;
        int count = stop - first < L ? (int)(stop - first) : L;
        for (int r = 0; r < L; r++) { /* a block that is not full repeats its last run */
            members[r] = first + (r < count ? r : count - 1);
            own[r] = replicates[members[r]];
            ((double *)&shown)[r] = r < count ? 1.0 : 0.0;
        }
        if (x->runs > 1 || first == start)
            take_numbers(b, p, x, members);
        run_days(b, p, seed, own, count, &shown, out, sympathy, squares);
        for (int r = 0; r < count && first + r < out->finals; r++)
            for (int64_t i = 0; i < wide; i++)
                out->final[(first + r) * wide + i] = OF(b->sympathy[i], r);
    }
    for (int64_t i = 0; i < cells; i++)
        for (int r = 0; r < W; r++) {
            out->sympathy[i] += sympathy[i][r];
            out->squares[i] += squares[i][r];
        }
    free(sympathy);
    free(squares);
    free_block(b);
    return 0;
}
