/*
 * The program around the engine: loads the modules that were compiled into it, calls the event loop,
 * which is TypeScript, and ends loudly when an error reaches nobody.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "host.h"

/* sysexits.h: a fault of the program itself. */
#define EXIT_FAULT 70

struct rejection {
    JSValue promise;
    JSValue reason;
    struct rejection *next;
};

struct host {
    JSContext *context;
    /* Of the main module's end. */
    JSValue main_promise;
    /* Promises rejected while nobody listened; who listens late is taken off again. */
    struct rejection *rejections;
};

static void print_error(JSContext *context, JSValueConst error)
{
    const char *text = JS_ToCString(context, error);
    fprintf(stderr, "%s\n", text != NULL ? text : "an error without words");
    JS_FreeCString(context, text);
    if (!JS_IsError(error))
        return;
    JSValue stack = JS_GetPropertyStr(context, error, "stack");
    text = JS_ToCString(context, stack);
    if (text != NULL)
        fputs(text, stderr);
    JS_FreeCString(context, text);
    JS_FreeValue(context, stack);
}

static _Noreturn void end_by_fault(JSContext *context, JSValueConst error)
{
    fputs("Ended by a fault of the program: ", stderr);
    print_error(context, error);
    exit(EXIT_FAULT);
}

static _Noreturn void end_by_exception(JSContext *context)
{
    end_by_fault(context, JS_GetException(context));
}

static void track_rejection(JSContext *context, JSValueConst promise, JSValueConst reason, bool is_handled,
                            void *opaque)
{
    struct host *host = opaque;
    if (!is_handled) {
        struct rejection *rejection = malloc(sizeof *rejection);
        if (rejection == NULL)
            end_by_fault(context, reason);
        rejection->promise = JS_DupValue(context, promise);
        rejection->reason = JS_DupValue(context, reason);
        rejection->next = host->rejections;
        host->rejections = rejection;
        return;
    }
    for (struct rejection **at = &host->rejections; *at != NULL; at = &(*at)->next) {
        struct rejection *rejection = *at;
        if (JS_VALUE_GET_PTR(rejection->promise) != JS_VALUE_GET_PTR(promise))
            continue;
        *at = rejection->next;
        JS_FreeValue(context, rejection->promise);
        JS_FreeValue(context, rejection->reason);
        free(rejection);
        return;
    }
}

static char *normalize_name(JSContext *context, const char *base, const char *name, void *opaque)
{
    (void)base;
    (void)opaque;
    /* All modules stand in one folder. */
    return js_strdup(context, strncmp(name, "./", 2) == 0 ? name + 2 : name);
}

static const struct embedded_module *find_module(const char *name)
{
    for (const struct embedded_module *module = embedded_modules; module->name != NULL; module++)
        if (strcmp(module->name, name) == 0)
            return module;
    return NULL;
}

static JSValue read_module(JSContext *context, const char *name)
{
    const struct embedded_module *module = find_module(name);
    if (module == NULL)
        return JS_ThrowReferenceError(context, "This program has no module \"%s\"", name);
    return JS_ReadObject(context, module->bytes, module->size, JS_READ_OBJ_BYTECODE);
}

static JSModuleDef *load_module(JSContext *context, const char *name, void *opaque)
{
    (void)opaque;
    if (strcmp(name, SYSTEM_CALLS_MODULE) == 0)
        return create_system_calls_module(context);
    JSValue module = read_module(context, name);
    if (JS_IsException(module))
        return NULL;
    JSModuleDef *definition = JS_VALUE_GET_PTR(module);
    /* The context refers to it already. */
    JS_FreeValue(context, module);
    return definition;
}

static void run_jobs(struct host *host)
{
    JSRuntime *runtime = JS_GetRuntime(host->context);
    JSContext *context;
    int outcome;
    while ((outcome = JS_ExecutePendingJob(runtime, &context)) > 0)
        ;
    if (outcome < 0)
        end_by_exception(host->context);
    if (host->rejections != NULL)
        end_by_fault(host->context, host->rejections->reason);
}

static void run_main_module(struct host *host)
{
    JSContext *context = host->context;
    JSValue module = read_module(context, MAIN_MODULE);
    if (JS_IsException(module) || JS_ResolveModule(context, module) < 0)
        end_by_exception(context);
    host->main_promise = JS_EvalFunction(context, module);
    if (JS_IsException(host->main_promise))
        end_by_exception(context);
}

/* A program that waits for what nothing can bring any more must not look as if it had done its work. */
static void check_end(struct host *host)
{
    if (JS_PromiseState(host->context, host->main_promise) != JS_PROMISE_PENDING)
        return;
    fputs("Ended by a fault of the program: nothing is left to wait for, and it is not done\n", stderr);
    exit(EXIT_FAULT);
}

/* Jobs first, for they are what the last turn brought about; until the loop has nothing to wait for. */
static void run_loop(struct host *host)
{
    JSContext *context = host->context;
    for (;;) {
        run_jobs(host);
        JSValue is_waiting = call_turn(context);
        if (JS_IsException(is_waiting))
            end_by_exception(context);
        if (!JS_ToBool(context, is_waiting))
            break;
    }
    check_end(host);
}

/* No eval: the program runs nothing but the modules it was built with, and has no parser for more. */
static JSContext *create_context(JSRuntime *runtime)
{
    JSContext *context = JS_NewContextRaw(runtime);
    if (context == NULL || JS_AddIntrinsicBaseObjects(context) || JS_AddIntrinsicDate(context)
        || JS_AddIntrinsicRegExp(context) || JS_AddIntrinsicJSON(context) || JS_AddIntrinsicMapSet(context)
        || JS_AddIntrinsicTypedArrays(context) || JS_AddIntrinsicPromise(context)
        || JS_AddIntrinsicProxy(context) || JS_AddIntrinsicBigInt(context))
        return NULL;
    return context;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

int main(int count, char **arguments)
{
    /* Started through /proc/self/exe, ps(1) would call it "exe". */
    if (count > 0)
        prctl(PR_SET_NAME, base_name(arguments[0]));
    /* A write to what nobody reads any more fails, which is told, and ends nothing. */
    signal(SIGPIPE, SIG_IGN);
    JSRuntime *runtime = JS_NewRuntime();
    struct host host = {.context = runtime != NULL ? create_context(runtime) : NULL};
    if (host.context == NULL) {
        fputs("Not enough memory to start\n", stderr);
        return EXIT_FAULT;
    }
    JS_SetModuleLoaderFunc(runtime, normalize_name, load_module, NULL);
    JS_SetHostPromiseRejectionTracker(runtime, track_rejection, &host);
    keep_arguments(count, arguments);
    run_main_module(&host);
    run_loop(&host);
    /* What is in memory goes with the process. */
    return exit_status();
}
