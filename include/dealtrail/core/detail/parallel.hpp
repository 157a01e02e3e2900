#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <thread>
#include <vector>

namespace dealtrail::detail {

// More threads than this at once help nobody.
inline constexpr std::size_t most_threads = 256;

// Calls `work(worker)` for each worker 0 to workers - 1, each in a thread of its own (0 and those beyond `most_threads`
// in the caller's), and waits. If several fail, the exception of the lowest worker is thrown: workers that take rows in
// order fail as one thread would.
template <class Work>
void run_workers(std::size_t workers, Work&& work) {
  if (workers <= 1) {
    work(std::size_t{0});
    return;
  }
  std::vector<std::exception_ptr> failures(workers);
  const auto guarded = [&](std::size_t worker) noexcept {
    try {
      work(worker);
    } catch (...) {
      failures[worker] = std::current_exception();
    }
  };
  std::vector<std::thread> threads;
  threads.reserve(std::min(workers, most_threads) - 1);
  for (std::size_t worker = 1; worker < workers; ++worker) {
    if (worker >= most_threads) {
      guarded(worker);
      continue;
    }
    try {
      threads.emplace_back(guarded, worker);
    } catch (...) {  // no more threads to be had: the caller's does it
      guarded(worker);
    }
  }
  guarded(0);
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

// Calls `work(worker, task)` once for each task; workers take the next task when they are done with one.
template <class Work>
void run_tasks(std::size_t workers, std::size_t tasks, Work&& work) {
  std::atomic<std::size_t> next{0};
  run_workers(std::min(workers, tasks), [&](std::size_t worker) {
    for (std::size_t task = next++; task < tasks; task = next++) work(worker, task);
  });
}

}  // namespace dealtrail::detail
