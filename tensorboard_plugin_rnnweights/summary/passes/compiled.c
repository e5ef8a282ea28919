/* The passes over all values of a matrix, for float32 alone.
 *
 * Each has a counterpart in NumPy, which says what it has to give and takes its place where this could not be
 * built. Arrays come as addresses, since the buffers of Python's stable interface are newer than our oldest
 * Python; the callers in this folder check shapes and types. None of it needs the interpreter, which goes on
 * with the training meanwhile.
 */

#define Py_LIMITED_API 0x030A0000
#include <Python.h>

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Wider vectors where the processor has them, chosen when the module is loaded. */
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__)
#define FOR_EACH_PROCESSOR __attribute__((target_clones("avx2", "default")))
#else
#define FOR_EACH_PROCESSOR
#endif

/* Compilers leave a loop as short as it is written where they can't know how often it goes round. */
#if defined(__GNUC__) && !defined(__clang__)
#define UNROLLED _Pragma("GCC unroll 8")
#else
#define UNROLLED
#endif

#ifdef __GNUC__
#define PREFETCH(address) __builtin_prefetch(address)
#else
#define PREFETCH(address) (void)(address)
#endif

#ifdef _MSC_VER
#define restrict __restrict
#endif

#define MAGNITUDE 0x7FFFFFFFu
#define INFINITE 0x7F800000u

/* What is common; others only make it slower. */
#define PAGE 4096
#define CACHE_LINE 64

/* As in histogram.py. */
#define DROPPED_BITS 18
#define KEYS (1 << 14)
#define SIGN_KEY (1 << 13)
#define FIRST_NONFINITE_KEY (INFINITE >> DROPPED_BITS)

/* As in statistics.py: the columns of its table. */
enum { COUNT, NANS, POSITIVE_INFINITIES, NEGATIVE_INFINITIES, ZEROS, MINIMUM, MAXIMUM, MEAN, DEVIATION, NORM, STATISTICS };

/* As in scan.py: below this share of the mean square, a variance by the difference of sums is too inexact. */
static const double LEAST_SHARE = 1e-5;

/* One gate's block of a matrix: rows that lie `stride` bytes apart. Where it has another one before it, it is
 * their difference, which is made row by row in `difference`, and is whole nowhere. */
typedef struct {
    const char *values, *before;
    Py_ssize_t rows, columns, stride, stride_before;
    float *difference;
} Block;

static void subtract(const float *restrict values, const float *restrict before, Py_ssize_t columns, float *restrict difference)
{
    for (Py_ssize_t column = 0; column < columns; column++)
        difference[column] = values[column] - before[column];
}

/* One gate's rows lie apart, where the processor doesn't expect the next one; from there it goes on by itself. */
static void expect(const char *row, const Block *block)
{
    const Py_ssize_t size = block->columns * (Py_ssize_t)sizeof(float);
    for (Py_ssize_t byte = 0; byte < size && byte < PAGE; byte += CACHE_LINE)
        PREFETCH(row + byte);
}

static const float *row_of(const Block *block, Py_ssize_t row)
{
    const Py_ssize_t next = row + 1 < block->rows ? row + 1 : row;
    expect(block->values + next * block->stride, block);
    if (block->before)
        expect(block->before + next * block->stride_before, block);
    const float *values = (const float *)(block->values + row * block->stride);
    if (!block->before)
        return values;
    subtract(values, (const float *)(block->before + row * block->stride_before), block->columns, block->difference);
    return block->difference;
}

static uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static float float_of(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* ---- Histogram and statistics -------------------------------------------------------------------- */

/* What the bits of a block's values say. Ordered: mapped so that integers compare as the floats do. */
typedef struct {
    int32_t lowest, highest;
    uint32_t smallest_but_zero, largest;
    uint64_t zeros;
} Range;

typedef struct {
    double sum, squares, nans, positive_infinities, negative_infinities, zeros, minimum, maximum, count;
} Sums;

/* Its own inverse. */
static int32_t ordered(int32_t bits)
{
    return bits ^ ((bits >> 31) & (int32_t)MAGNITUDE);
}

FOR_EACH_PROCESSOR
static void add_row(
    const float *restrict values, Py_ssize_t columns, double *restrict sums, double *restrict squares, Range *range)
{
    int32_t lowest = range->lowest, highest = range->highest;
    /* As signed numbers, which more processors compare; a zero, less one, is the largest of all. */
    int32_t smallest = (int32_t)(range->smallest_but_zero - 1), largest = (int32_t)range->largest;
    uint32_t zeros = 0;
    for (Py_ssize_t column = 0; column < columns; column++) {
        const double value = values[column];
        sums[column] += value;
        squares[column] += value * value;
        int32_t bits;
        memcpy(&bits, values + column, sizeof bits);
        const int32_t order = ordered(bits), magnitude = bits & (int32_t)MAGNITUDE;
        const int32_t below = (magnitude - 1) & (int32_t)MAGNITUDE;
        lowest = order < lowest ? order : lowest;
        highest = order > highest ? order : highest;
        smallest = below < smallest ? below : smallest;
        largest = magnitude > largest ? magnitude : largest;
        zeros += magnitude == 0;
    }
    range->lowest = lowest;
    range->highest = highest;
    range->smallest_but_zero = (uint32_t)smallest + 1;
    range->largest = (uint32_t)largest;
    range->zeros += zeros;
}

static void count_row(const float *values, Py_ssize_t columns, uint32_t *table)
{
    UNROLLED
    for (Py_ssize_t column = 0; column < columns; column++)
        table[bits_of(values[column]) >> DROPPED_BITS]++;
}

/* Writes the bins of a block that hold something, leaves the table empty, and returns how many there are. */
static Py_ssize_t take_bins(uint32_t *table, const Range *range, uint16_t *keys, uint32_t *counts)
{
    const uint32_t first = range->smallest_but_zero >> DROPPED_BITS, last = range->largest >> DROPPED_BITS;
    Py_ssize_t found = 0;
    for (uint32_t sign = 0; sign <= SIGN_KEY; sign += SIGN_KEY) {
        for (uint32_t key = 0; key <= last; key = key < first ? first : key + 1) {
            const uint32_t count = table[sign + key];
            table[sign + key] = 0;
            if (count && key < FIRST_NONFINITE_KEY) {
                keys[found] = (uint16_t)(sign + key);
                counts[found++] = count;
            }
        }
    }
    return found;
}

/* The slow way, for blocks in which something is not finite. */
static Sums sums_of_finite(const Block *block)
{
    Sums sums = {.minimum = INFINITY, .maximum = -INFINITY};
    for (Py_ssize_t row = 0; row < block->rows; row++) {
        const float *values = row_of(block, row);
        for (Py_ssize_t column = 0; column < block->columns; column++) {
            const double value = values[column];
            if (isnan(value)) {
                sums.nans++;
            } else if (isinf(value)) {
                *(value > 0 ? &sums.positive_infinities : &sums.negative_infinities) += 1;
            } else {
                sums.count++;
                sums.zeros += value == 0;
                sums.sum += value;
                sums.squares += value * value;
                sums.minimum = value < sums.minimum ? value : sums.minimum;
                sums.maximum = value > sums.maximum ? value : sums.maximum;
            }
        }
    }
    return sums;
}

static Sums sums_of_all(const Block *block, const Range *range, const double *by_column)
{
    Sums sums = {.count = (double)block->rows * block->columns, .zeros = (double)range->zeros};
    for (Py_ssize_t column = 0; column < block->columns; column++) {
        sums.sum += by_column[column];
        sums.squares += by_column[block->columns + column];
    }
    sums.minimum = float_of((uint32_t)ordered(range->lowest));
    sums.maximum = float_of((uint32_t)ordered(range->highest));
    return sums;
}

static double squares_about(const Block *block, double mean)
{
    double squares = 0;
    for (Py_ssize_t row = 0; row < block->rows; row++) {
        const float *values = row_of(block, row);
        for (Py_ssize_t column = 0; column < block->columns; column++) {
            if (isfinite(values[column]))
                squares += (values[column] - mean) * (values[column] - mean);
        }
    }
    return squares;
}

static void write_statistics(const Block *block, const Sums *sums, double *statistics)
{
    statistics[COUNT] = (double)block->rows * block->columns;
    statistics[NANS] = sums->nans;
    statistics[POSITIVE_INFINITIES] = sums->positive_infinities;
    statistics[NEGATIVE_INFINITIES] = sums->negative_infinities;
    statistics[ZEROS] = sums->zeros;
    if (!sums->count) {
        for (int moment = MINIMUM; moment < STATISTICS; moment++)
            statistics[moment] = NAN;
        return;
    }
    const double mean = sums->sum / sums->count, mean_square = sums->squares / sums->count;
    double variance = mean_square - mean * mean;
    if (variance < LEAST_SHARE * mean_square)
        variance = squares_about(block, mean) / sums->count;
    /* Zero has no sign here, whichever one the bits had. */
    statistics[MINIMUM] = sums->minimum + 0.0;
    statistics[MAXIMUM] = sums->maximum + 0.0;
    statistics[MEAN] = mean;
    statistics[DEVIATION] = sqrt(variance);
    statistics[NORM] = sqrt(sums->squares);
}

/* `by_column`: room for two numbers a column. Returns how many bins were written. */
static Py_ssize_t scan_block(
    const Block *block, uint32_t *table, double *by_column, double *statistics, double *norms, uint16_t *keys, uint32_t *counts)
{
    double *squares = by_column + block->columns;
    Range range = {.lowest = INT32_MAX, .highest = INT32_MIN, .smallest_but_zero = (uint32_t)INT32_MAX + 1};
    memset(by_column, 0, 2 * block->columns * sizeof *by_column);
    for (Py_ssize_t row = 0; row < block->rows; row++) {
        const float *values = row_of(block, row);
        add_row(values, block->columns, by_column, squares, &range);
        count_row(values, block->columns, table);
    }
    const Sums sums = range.largest < INFINITE ? sums_of_all(block, &range, by_column) : sums_of_finite(block);
    write_statistics(block, &sums, statistics);
    for (Py_ssize_t column = 0; column < block->columns; column++)
        norms[column] = isfinite(squares[column]) ? sqrt(squares[column]) : NAN;
    return take_bins(table, &range, keys, counts);
}

static PyObject *scan(PyObject *module, PyObject *arguments)
{
    unsigned long long values, before, statistics, norms, offsets, keys, counts;
    Py_ssize_t rows, gates, columns, stride, stride_before;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "KnnnnKnKKKKK", &values, &rows, &gates, &columns, &stride, &before,
                          &stride_before, &statistics, &norms, &offsets, &keys, &counts))
        return NULL;
    uint32_t *table = calloc(KEYS, sizeof *table);
    double *by_column = malloc((2 * columns + 1) * sizeof *by_column);
    float *difference = malloc((columns + 1) * sizeof *difference);
    if (table && by_column && difference) {
        Py_BEGIN_ALLOW_THREADS
        int64_t *bins = (int64_t *)(uintptr_t)offsets;
        bins[0] = 0;
        for (Py_ssize_t gate = 0; gate < gates; gate++) {
            const Py_ssize_t left = gate * columns * (Py_ssize_t)sizeof(float);
            const Block block = {
                (const char *)(uintptr_t)values + left, before ? (const char *)(uintptr_t)before + left : NULL,
                rows, columns, stride, stride_before, difference};
            bins[gate + 1] = bins[gate] + scan_block(&block, table, by_column,
                (double *)(uintptr_t)statistics + gate * STATISTICS, (double *)(uintptr_t)norms + gate * columns,
                (uint16_t *)(uintptr_t)keys + bins[gate], (uint32_t *)(uintptr_t)counts + bins[gate]);
        }
        Py_END_ALLOW_THREADS
    }
    const int is_done = table && by_column && difference;
    free(table);
    free(by_column);
    free(difference);
    if (!is_done)
        return PyErr_NoMemory();
    Py_RETURN_NONE;
}

/* ---- Rounding to bfloat16 -------------------------------------------------------------------------- */

FOR_EACH_PROCESSOR
static void round_values(const float *restrict values, Py_ssize_t count, uint16_t *restrict cells)
{
    for (Py_ssize_t place = 0; place < count; place++) {
        uint32_t bits;
        memcpy(&bits, values + place, sizeof bits);
        const uint32_t magnitude = bits & MAGNITUDE;
        uint32_t cell = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
        /* A finite value stays finite, and all NaNs become the same one. */
        cell -= (magnitude < INFINITE) & ((cell & 0x7FFF) == 0x7F80);
        cell = magnitude > INFINITE ? 0x7FC0 : cell;
        cells[place] = (uint16_t)cell;
    }
}

static PyObject *to_bfloat16(PyObject *module, PyObject *arguments)
{
    unsigned long long values, cells;
    Py_ssize_t count;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "KnK", &values, &count, &cells))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    round_values((const float *)(uintptr_t)values, count, (uint16_t *)(uintptr_t)cells);
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

/* ---- Pooling ---------------------------------------------------------------------------------------- */

/* Of magnitudes' bits, NaN's are the largest. */
static float stronger(float first, float second)
{
    return (bits_of(second) & MAGNITUDE) > (bits_of(first) & MAGNITUDE) ? second : first;
}

/* One row of one gate into a row of pools; the first row of pools replaces what is there. */
static void pool_row(const float *restrict values, Py_ssize_t columns, Py_ssize_t width, int is_first, float *restrict pools)
{
    for (Py_ssize_t left = 0; left < columns; left += width, pools++) {
        const Py_ssize_t right = left + width < columns ? left + width : columns;
        float strongest = is_first ? values[left] : stronger(*pools, values[left]);
        for (Py_ssize_t column = left + 1; column < right; column++)
            strongest = stronger(strongest, values[column]);
        *pools = strongest;
    }
}

static PyObject *pool(PyObject *module, PyObject *arguments)
{
    unsigned long long values, pools;
    Py_ssize_t rows, gates, columns, stride, height, width;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "KnnnnnnK", &values, &rows, &gates, &columns, &stride, &height, &width, &pools))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    const Py_ssize_t across = (columns + width - 1) / width;
    for (Py_ssize_t row = 0; row < rows; row++) {
        const float *from = (const float *)((const char *)(uintptr_t)values + row * stride);
        float *to = (float *)(uintptr_t)pools + row / height * gates * across;
        for (Py_ssize_t gate = 0; gate < gates; gate++)
            pool_row(from + gate * columns, columns, width, row % height == 0, to + gate * across);
    }
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

/* ---- The module --------------------------------------------------------------------------------------- */

static PyMethodDef methods[] = {
    {"scan", scan, METH_VARARGS, NULL},
    {"to_bfloat16", to_bfloat16, METH_VARARGS, NULL},
    {"pool", pool, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT, .m_name = "compiled", .m_size = 0, .m_methods = methods};

PyMODINIT_FUNC PyInit_compiled(void)
{
    return PyModuleDef_Init(&definition);
}
