/* Compiles a module to bytecode without source and debug information: compile NAME INPUT OUTPUT. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quickjs.h"

static char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    char *text = NULL;
    if (fseek(file, 0, SEEK_END) == 0) {
        long length = ftell(file);
        rewind(file);
        text = length < 0 ? NULL : malloc((size_t)length + 1);
        if (text != NULL && fread(text, 1, (size_t)length, file) == (size_t)length) {
            text[length] = '\0';
            *size = (size_t)length;
        } else {
            free(text);
            text = NULL;
        }
    }
    fclose(file);
    return text;
}

static int fail(const char *what, const char *name)
{
    fprintf(stderr, "compile: %s \"%s\"\n", what, name);
    return 1;
}

static void print_exception(JSContext *context)
{
    JSValue error = JS_GetException(context);
    const char *text = JS_ToCString(context, error);
    fprintf(stderr, "%s\n", text != NULL ? text : "?");
    JS_FreeCString(context, text);
    JS_FreeValue(context, error);
}

static int fill_nothing(JSContext *context, JSModuleDef *module)
{
    (void)context;
    (void)module;
    return 0;
}

/* Stands for what a module imports, which is looked for only when the program runs. */
static JSModuleDef *stand_in(JSContext *context, const char *name, void *opaque)
{
    (void)opaque;
    return JS_NewCModule(context, name, fill_nothing);
}

int main(int count, char **arguments)
{
    if (count != 4)
        return fail("needs NAME INPUT OUTPUT, not", count > 1 ? arguments[1] : "");
    size_t size;
    char *source = read_file(arguments[2], &size);
    if (source == NULL)
        return fail("cannot read", arguments[2]);
    JSRuntime *runtime = JS_NewRuntime();
    JSContext *context = JS_NewContext(runtime);
    JS_SetModuleLoaderFunc(runtime, NULL, stand_in, NULL);
    JSValue module =
        JS_Eval(context, source, size, arguments[1], JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
    if (JS_IsException(module)) {
        print_exception(context);
        return fail("cannot compile", arguments[2]);
    }
    int flags = JS_WRITE_OBJ_BYTECODE | JS_WRITE_OBJ_STRIP_SOURCE;
    uint8_t *bytes = JS_WriteObject(context, &size, module, flags);
    FILE *file = bytes == NULL ? NULL : fopen(arguments[3], "wb");
    if (file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
        return fail("cannot write", arguments[3]);
    js_free(context, bytes);
    JS_FreeValue(context, module);
    free(source);
    JS_FreeContext(context);
    JS_FreeRuntime(runtime);
    return 0;
}
