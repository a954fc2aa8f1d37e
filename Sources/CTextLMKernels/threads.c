// Parallel regions on a pool of threads that are made when first needed and kept.
//
// A region is published as a count of parts not yet claimed. Its caller and the workers claim parts one by one, and the
// caller returns when the claimed ones are done. A worker that comes late finds nothing left and is not waited for: when
// something else keeps a processor busy, the caller does the work itself. Who waits, a worker for a region or the caller
// for a part that another thread has claimed, watches for a moment and then sleeps.
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "kernels.h"

// MARK: Waiting

// Waking a thread costs tens of microseconds, about as long as this; regions within a training step follow one another
// faster. OpenMP runtimes watch for milliseconds, which takes a busy processor from whoever could use it.
static const long watching_nanoseconds = 50000;

// A thread that waits. A cache line of its own: the others look at `asleep` at every region.
struct sleeper {
  _Alignas(64) atomic_bool asleep;
  pthread_mutex_t lock;
  pthread_cond_t woken;
};

static void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static long nanoseconds_since(const struct timespec *begin) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (now.tv_sec - begin->tv_sec) * 1000000000L + (now.tv_nsec - begin->tv_nsec);
}

// Returns when ready(argument). Whoever makes it true calls `wake` after that.
static void wait_until(struct sleeper *self, bool (*ready)(int), int argument) {
  if (ready(argument)) return;
  struct timespec begin;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  do {
    for (int i = 0; i < 16; i++) {
      pause_briefly();
      if (ready(argument)) return;
    }
  } while (nanoseconds_since(&begin) < watching_nanoseconds);
  pthread_mutex_lock(&self->lock);
  for (;;) {
    // First asleep, then a last look; `wake` looks at `asleep` after ready has become true. Both orders are sequentially
    // consistent, so one of the two sees the other.
    atomic_store(&self->asleep, true);
    if (ready(argument)) break;
    pthread_cond_wait(&self->woken, &self->lock);
  }
  atomic_store(&self->asleep, false);
  pthread_mutex_unlock(&self->lock);
}

static void wake(struct sleeper *other) {
  if (!atomic_load(&other->asleep)) return;
  pthread_mutex_lock(&other->lock);
  // Now rather than when it runs again, which may be many regions later: those need not wake it again.
  atomic_store(&other->asleep, false);
  pthread_mutex_unlock(&other->lock);
  pthread_cond_signal(&other->woken);
}

// MARK: The region

// One region at a time, written by its caller before `unclaimed` becomes positive. A thread reads it after it has claimed
// a part and before it has reported it done, and between those the region cannot end: no thread sees a region that is
// over, however late it is, and none sees one half written.
static struct region {
  int parts;
  void (*body)(void *, int);
  void *context;
} region;

static _Alignas(64) atomic_int unclaimed;        // parts of the region that no thread has begun
static _Alignas(64) atomic_int unfinished;       // parts of the region that are not done
static _Alignas(64) atomic_int allowed_workers;  // workers that may claim parts; the rest sleep
static atomic_flag taken = ATOMIC_FLAG_INIT;     // whether a caller has the pool
static struct sleeper caller = {false, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER};

static _Thread_local bool inside;

bool tlm_in_parallel(void) { return inside; }

// Runs parts until none is left; returns how many.
static int run_parts(void) {
  int done = 0, left = atomic_load(&unclaimed);
  while (left > 0) {
    // Compared and exchanged, so that a count read from an earlier region can at most claim a part of the current one.
    if (!atomic_compare_exchange_weak(&unclaimed, &left, left - 1)) continue;
    region.body(region.context, region.parts - left);
    done++;
    left = atomic_load(&unclaimed);
  }
  return done;
}

// Counts parts as done. After the last the region is over, and nothing of it may be touched.
static bool finish(int parts) { return atomic_fetch_sub(&unfinished, parts) == parts; }

// MARK: Workers

enum { most_threads = 1024 };

static struct sleeper workers[most_threads - 1];
static int workers_made;  // changed by who has the pool

static bool has_work(int worker) {
  return atomic_load(&unclaimed) > 0 && worker < atomic_load(&allowed_workers);
}

static bool all_finished(int unused) {
  (void)unused;
  return atomic_load(&unfinished) == 0;
}

static void *work(void *argument) {
  struct sleeper *self = argument;
  inside = true;
  for (;;) {
    wait_until(self, has_work, (int)(self - workers));
    int done = run_parts();
    if (done > 0 && finish(done)) wake(&caller);
  }
  return NULL;
}

// Makes workers until there are `count`, or as many as the system gives; returns how many of them may be used.
static int make_workers(int count) {
  if (workers_made >= count) return count;
  // Signals are for threads of the program, which know what to do with them.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  while (workers_made < count) {
    struct sleeper *next = &workers[workers_made];
    pthread_t thread;
    pthread_mutex_init(&next->lock, NULL);
    pthread_cond_init(&next->woken, NULL);
    if (pthread_create(&thread, NULL, work, next) != 0) break;
    pthread_detach(thread);
    workers_made++;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return workers_made < count ? workers_made : count;
}

// MARK: Entry

static atomic_int thread_count = 1;

void tlm_set_threads(int count) { thread_count = count < 1 ? 1 : count > most_threads ? most_threads : count; }

int tlm_threads(void) { return thread_count; }

static void run_alone(int parts, void (*body)(void *, int), void *context) {
  bool before = inside;
  // One part may still be split by those it calls; several are a region, whoever runs them.
  inside = before || parts > 1;
  for (int part = 0; part < parts; part++) body(context, part);
  inside = before;
}

void tlm_parallel(int parts, void (*body)(void *context, int part), void *context) {
  int threads = thread_count < parts ? thread_count : parts;
  if (threads <= 1 || inside || atomic_flag_test_and_set(&taken)) {
    run_alone(parts, body, context);
    return;
  }
  int helpers = make_workers(threads - 1);
  atomic_store(&allowed_workers, helpers);
  region = (struct region){parts, body, context};
  atomic_store(&unfinished, parts);
  atomic_store(&unclaimed, parts);
  for (int worker = 0; worker < helpers; worker++) wake(&workers[worker]);
  inside = true;
  int done = run_parts();
  inside = false;
  if (!finish(done)) wait_until(&caller, all_finished, 0);
  atomic_flag_clear(&taken);
}

struct range_work {
  ptrdiff_t count, share;
  void (*body)(void *, ptrdiff_t, ptrdiff_t);
  void *context;
};

static void run_range(void *argument, int part) {
  const struct range_work *work = argument;
  ptrdiff_t begin = part * work->share, end = begin + work->share;
  if (begin >= work->count) return;
  work->body(work->context, begin, end < work->count ? end : work->count);
}

void tlm_parallel_range(ptrdiff_t count, ptrdiff_t multiple, ptrdiff_t smallest,
                        void (*body)(void *context, ptrdiff_t begin, ptrdiff_t end), void *context) {
  ptrdiff_t units = (count + multiple - 1) / multiple, parts = thread_count;
  if (parts > units) parts = units;
  if (parts <= 1 || count < smallest) {
    if (count > 0) body(context, 0, count);
    return;
  }
  struct range_work work = {count, (units + parts - 1) / parts * multiple, body, context};
  tlm_parallel((int)parts, run_range, &work);
}
